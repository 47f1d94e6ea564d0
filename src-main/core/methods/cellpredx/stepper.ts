import * as tf from '@tensorflow/tfjs-core';
import type { SparseRows } from '../../data/sparse-rows.ts';
import { type CsrBatch, heldBatch } from '../../train/csr-batch.ts';
import type { StepReport } from '../../train/train-loop.ts';
import { type StateArrays, stateFromArrays, stateTensors } from './network.ts';
import type { CellPredXSettings } from './settings.ts';
import { type StepBatch, trainingStep } from './training-step.ts';

/** Carries out training steps, one after the other, and holds everything that they change. */
export interface Stepper {
  /** Makes rows that do not lie in memory ready for a step: begun while the step before computes. */
  fetch(cells: CsrBatch<SparseRows>): Promise<CsrBatch<SparseRows>>;
  /** One step. Gives every term as it enters the total, by name, and the mean attention. @param step 0-based */
  step(batch: StepBatch<SparseRows>, step: number): Promise<StepReport>;
  /** Copies of all arrays of the state, by the names of `stateTensors`. */
  state(): Promise<StateArrays>;
  dispose(): void;
}

/** Makes a stepper that starts from the given state. */
export type MakeStepper = (start: StateArrays, settings: CellPredXSettings) => Stepper;

/**
 * An engine that can carry out a whole step at once, faster than operation by operation, says so here. Results agree with
 * `tensorStepper` to rounding.
 * @param backend tfjs name of the engine
 */
export function registerStepper(backend: string, make: MakeStepper): void {
  registered.set(backend, make);
}

const registered = new Map<string, MakeStepper>();

/** The fastest stepper of the running engine. */
export function stepperFor(start: StateArrays, settings: CellPredXSettings): Stepper {
  const make = registered.get(tf.getBackend()) ?? tensorStepper;
  return make(start, settings);
}

/** Steps made of tensor operations; every engine has them, and they define what the others compute. */
export function tensorStepper(start: StateArrays, settings: CellPredXSettings): Stepper {
  let state = stateFromArrays(start);
  return {
    fetch: heldBatch,
    async step(batch, step) {
      const before = state;
      const next = trainingStep(before, { ...batch, cells: await heldBatch(batch.cells) }, settings, step);
      tf.dispose(stateTensors(before));
      state = next.state;
      const [values, attention] = await Promise.all([
        next.terms.data<'float32'>(),
        next.meanAttention.data<'float32'>(),
      ]);
      tf.dispose([next.terms, next.meanAttention]);
      return {
        terms: Object.fromEntries(next.names.map((name, i) => [name, values[i]!])),
        measures: { meanAttention: attention[0]! },
      };
    },
    async state() {
      const arrays: Record<string, { shape: number[]; values: Float32Array }> = {};
      for (const [name, tensor] of Object.entries(stateTensors(state))) {
        arrays[name] = { shape: tensor.shape, values: Float32Array.from(await tensor.data<'float32'>()) };
      }
      return arrays;
    },
    dispose: () => tf.dispose(stateTensors(state)),
  };
}
