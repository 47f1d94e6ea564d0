import * as tf from '@tensorflow/tfjs-core';
import type { CdaScSettings } from '#core/methods/cda-sc/settings';
import {
  isOf,
  type MakeStepper,
  numbersOf,
  ofGroups,
  type StateGroup,
  type StepFound,
  type Stepper,
} from '#core/methods/cda-sc/stepper';
import { headStep, type StepBatch, type StepPhase } from '#core/methods/cda-sc/training-step';
import { arraysOf, type NetworkArrays, tensorsOf } from '#core/train/network-arrays';
import type { KernelPool } from '../kernel-pool.ts';
import { EncoderLayers } from './encoder-layers.ts';

/** Training steps of CDA-SC whose encoder, nearly all of its work, is carried out by the kernels, and the heads by tensor operations. */
export function wasmCdaScStepper(pool: KernelPool): MakeStepper {
  return (start, settings) => new WasmCdaScStepper(pool, start, settings);
}

/** Names of the arrays that belong to the encoder. */
const OF_ENCODER = /\/layer\d+(Weights|Scale|Shift|Mean|Variance)$/;

class WasmCdaScStepper implements Stepper {
  readonly #settings: CdaScSettings;
  readonly #encoder: EncoderLayers;
  #heads: Record<string, tf.Tensor>;

  constructor(pool: KernelPool, start: NetworkArrays, settings: CdaScSettings) {
    this.#settings = settings;
    this.#encoder = new EncoderLayers(pool, start);
    this.#heads = tensorsOf(Object.fromEntries(Object.entries(start).filter(([name]) => !OF_ENCODER.test(name))));
  }

  async step({ cells, labels }: StepBatch, phase: StepPhase): Promise<StepFound> {
    const z = tf.tensor2d(this.#encoder.forward(cells), [cells.rows, this.#encoder.width]);
    const { dz, state, ...told } = headStep(z, this.#heads, labels, this.#settings, phase);
    tf.dispose([z, ...Object.values(this.#heads)]);
    this.#heads = state;
    this.#encoder.back(await dz.data<'float32'>(), this.#settings, phase.step);
    dz.dispose();
    return numbersOf(told);
  }

  async state(groups: readonly StateGroup[]): Promise<NetworkArrays> {
    const heads = await arraysOf(ofGroups(this.#heads, groups));
    return { ...this.#encoder.copies((name) => isOf(name, groups)), ...heads };
  }

  dispose(): void {
    this.#encoder.free();
    tf.dispose(this.#heads);
  }
}
