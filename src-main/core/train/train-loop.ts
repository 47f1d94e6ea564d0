import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../base/app-error.ts';
import { throwIfCancelled } from '../base/cancel.ts';
import type { NamedArrays, TrainContext } from './method.ts';
import type { NetworkNow } from './onlooker.ts';

/** What a method brings to the loop: its step, and its state as arrays. */
export interface Trainee {
  /** Steps done already; above 0 when training goes on from a checkpoint. */
  readonly done: number;
  /** Steps to do at most. */
  readonly steps: number;
  /** Carries out step `step` (0-based) and gives every loss term as it enters the total, and what else is watched. */
  step(step: number): Promise<StepReport>;
  /** Whether training may end now, asked after each step. */
  finished(): boolean;
  /** Everything that the rest of training depends on. @param done steps done */
  checkpoint(done: number): Promise<NamedArrays>;
  /** The network as it is now, for those who look at it while it learns. It holds no tensors between two calls. */
  networkNow?(): Promise<NetworkNow>;
  /** For the message when numbers run away. */
  readonly learningRate: number;
}

export interface StepReport {
  /** Terms by name, weighted; `total` is added by the loop. */
  readonly terms: Readonly<Record<string, number>>;
  readonly measures?: Readonly<Record<string, number>>;
}

export interface TrainingEnd {
  readonly steps: number;
  readonly ended: 'all-steps' | 'early-stop';
}

/**
 * Trains step by step until all steps are done or the trainee has finished.
 *
 * After each step: the terms are reported, the onlooker has a look where one is due, a checkpoint is written where one is due, the event loop gets its turn
 * (messages, timers, cancel), and the signal is looked at. Ends with `Cancelled` when the signal is aborted, with a
 * catalogued error when a term is no longer finite. A step that leaves tensors behind is a fault and is thrown.
 */
export async function trainLoop(trainee: Trainee, context: TrainContext): Promise<TrainingEnd> {
  let kept: number | null = null;
  for (let step = trainee.done; step < trainee.steps; step++) {
    throwIfCancelled(context.signal);
    const { terms, measures } = await trainee.step(step);
    requireFinite(terms, step + 1, trainee.learningRate);
    kept = requireSameTensors(kept, step);

    const total = Object.values(terms).reduce((sum, term) => sum + term, 0);
    context.report({
      step: step + 1,
      steps: trainee.steps,
      terms: { ...terms, total },
      ...(measures === undefined ? {} : { measures }),
    });

    if (trainee.networkNow !== undefined && context.onlooker?.due() === true) {
      await context.onlooker.look(await trainee.networkNow(), step + 1);
    }

    const finished = trainee.finished();
    if (context.checkpoints !== undefined && (step + 1) % context.checkpoints.every === 0) {
      await context.checkpoints.save(await trainee.checkpoint(step + 1));
    }
    if (finished && step + 1 < trainee.steps) return { steps: step + 1, ended: 'early-stop' };
    await tf.nextFrame(); // lets messages and timers in, so that a cancel arrives
  }
  throwIfCancelled(context.signal);
  return { steps: trainee.steps, ended: 'all-steps' };
}

function requireFinite(terms: Readonly<Record<string, number>>, step: number, learningRate: number): void {
  const lost = Object.keys(terms).filter((name) => !Number.isFinite(terms[name]));
  if (lost.length > 0) throw new AppError('training.diverged', { step, terms: lost, learningRate });
}

/** Compares the live tensors with those after the first step and gives that number back. */
function requireSameTensors(kept: number | null, step: number): number {
  const { numTensors } = tf.memory();
  if (kept !== null && numTensors > kept) {
    throw new Error(`trainLoop: step ${step} left ${numTensors - kept} tensors behind`);
  }
  return kept ?? numTensors;
}
