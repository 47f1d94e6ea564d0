import * as tf from '@tensorflow/tfjs-core';
import { arraysOf, type NetworkArrays, tensorsOf } from '../../train/network-arrays.ts';
import type { CdaScSettings } from './settings.ts';
import { type CdaScState, type StepBatch, type StepPhase, trainingStep } from './training-step.ts';

/** Carries out training steps, one after the other, and holds everything that they change. */
export interface Stepper {
  /** One step. Gives every term as it enters the total, by name, and how many target cells took part with a predicted label. */
  step(batch: StepBatch, phase: StepPhase): Promise<StepFound>;
  /** Copies of the arrays of these groups, `parameter`, `running`, `first-moment`, `second-moment`, by the names of `CdaScState`. */
  state(groups: readonly StateGroup[]): Promise<NetworkArrays>;
  dispose(): void;
}

export interface StepFound {
  readonly terms: Readonly<Record<string, number>>;
  readonly pseudoLabelled: number;
}

/** What the state is made of. */
export const stateGroups = ['parameter', 'first-moment', 'second-moment', 'running'] as const;
export type StateGroup = (typeof stateGroups)[number];

/** Makes a stepper that starts from the given state. */
export type MakeStepper = (start: NetworkArrays, settings: CdaScSettings) => Stepper;

/**
 * An engine that can carry out a step faster than operation by operation says so here. Results agree with `tensorStepper` to
 * rounding.
 * @param backend tfjs name of the engine
 */
export function registerCdaScStepper(backend: string, make: MakeStepper): void {
  registered.set(backend, make);
}

const registered = new Map<string, MakeStepper>();

/** The fastest stepper of the running engine. */
export function stepperFor(start: NetworkArrays, settings: CdaScSettings): Stepper {
  const make = registered.get(tf.getBackend()) ?? tensorStepper;
  return make(start, settings);
}

/** Steps made of tensor operations; every engine has them, and they define what the others compute. */
export function tensorStepper(start: NetworkArrays, settings: CdaScSettings): Stepper {
  let state: CdaScState = tensorsOf(start);
  return {
    async step(batch, phase) {
      const before = state;
      const next = trainingStep(before, batch, settings, phase);
      tf.dispose(before as Record<string, tf.Tensor>);
      state = next.state;
      return numbersOf(next);
    },
    state: (groups) => arraysOf(ofGroups(state, groups)),
    dispose: () => tf.dispose(state as Record<string, tf.Tensor>),
  };
}

/** The numbers of a step; its tensors are freed. */
export async function numbersOf({
  names,
  terms,
  pseudoLabelled,
}: Pick<ReturnType<typeof trainingStep>, 'names' | 'terms' | 'pseudoLabelled'>): Promise<StepFound> {
  const [values, cells] = await Promise.all([terms.data<'float32'>(), pseudoLabelled.data<'float32'>()]);
  tf.dispose([terms, pseudoLabelled]);
  return { terms: Object.fromEntries(names.map((name, i) => [name, values[i]!])), pseudoLabelled: cells[0]! };
}

/** The entries of these groups. */
export function ofGroups<T>(state: Readonly<Record<string, T>>, groups: readonly StateGroup[]): Record<string, T> {
  return Object.fromEntries(Object.entries(state).filter(([name]) => isOf(name, groups)));
}

/** Whether an array of this name belongs to one of the groups. */
export function isOf(name: string, groups: readonly StateGroup[]): boolean {
  return groups.some((group) => name.startsWith(`${group}/`));
}
