import * as tf from '@tensorflow/tfjs-core';

export interface OptimiserSettings {
  readonly optimiser: 'sgd' | 'adam';
  readonly learningRate: number;
  /** Used by SGD. */
  readonly momentum: number;
  /** Added to the gradient as decay × weight (coupled). */
  readonly weightDecay: number;
}

export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** What an optimiser carries from step to step, by the name of the parameter. */
export interface OptimiserState {
  /** Velocity of SGD, first moment of Adam. */
  readonly first: NamedTensors;
  /** Second moment of Adam; empty for SGD. */
  readonly second: NamedTensors;
}

/** An optimiser before its first step. Zero velocity makes the first step of SGD the plain gradient. */
export function initialOptimiserState(kind: OptimiserSettings['optimiser'], parameters: NamedTensors): OptimiserState {
  const zeros = (): NamedTensors =>
    Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, tf.zeros(tensor.shape)]));
  return { first: zeros(), second: kind === 'adam' ? zeros() : {} };
}

/**
 * One step of every parameter. Gives back new tensors; the arguments stay as they are and are the caller's to dispose.
 *
 * SGD: g ← ∇ + δθ, v ← μv + g, θ ← θ − ηv. Adam (Kingma & Ba 2015, arXiv:1412.6980; β 0.9, 0.999, ε 10⁻⁸):
 * g as above, m ← .9m + .1g, s ← .999s + .001g², θ ← θ − η (m/(1−.9ᵗ)) / (√(s/(1−.999ᵗ)) + ε), t counted from 1.
 *
 * @param step 0-based
 */
export function optimiserStep<P extends NamedTensors>(
  parameters: P,
  gradients: NamedTensors,
  state: OptimiserState,
  settings: OptimiserSettings,
  step: number,
): { parameters: P; state: OptimiserState } {
  const next: Record<string, tf.Tensor> = {};
  const first: Record<string, tf.Tensor> = {};
  const second: Record<string, tf.Tensor> = {};
  for (const [name, theta] of Object.entries(parameters)) {
    const gradient = gradients[name];
    const moment = state.first[name];
    if (gradient === undefined || moment === undefined) throw new Error(`optimiserStep: nothing for "${name}"`);
    if (settings.optimiser === 'sgd') {
      [next[name], first[name]] = sgdStep(theta, gradient, moment, settings);
    } else {
      [next[name], first[name], second[name]] = adamStep(theta, gradient, moment, state.second[name]!, settings, step);
    }
  }
  return { parameters: next as P, state: { first, second } };
}

/**
 * Learning rate at a 0-based step: η₀·0.1^⌊t/(T/2)⌋, one drop by ten at half time.
 * @param steps T, steps planned
 */
export function steppedLearningRate(initial: number, step: number, steps: number): number {
  return initial * 0.1 ** Math.floor(step / (steps / 2));
}

function sgdStep(
  theta: tf.Tensor,
  gradient: tf.Tensor,
  velocity: tf.Tensor,
  { learningRate, momentum, weightDecay }: OptimiserSettings,
): [tf.Tensor, tf.Tensor] {
  return tf.tidy(() => {
    const pull = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(theta, weightDecay));
    const faster = tf.add(tf.mul(velocity, momentum), pull);
    return [tf.sub(theta, tf.mul(faster, learningRate)), faster];
  });
}

function adamStep(
  theta: tf.Tensor,
  gradient: tf.Tensor,
  m: tf.Tensor,
  s: tf.Tensor,
  { learningRate, weightDecay }: OptimiserSettings,
  step: number,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return tf.tidy(() => {
    const pull = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(theta, weightDecay));
    const first = tf.add(tf.mul(m, 0.9), tf.mul(pull, 0.1));
    const second = tf.add(tf.mul(s, 0.999), tf.mul(tf.square(pull), 0.001));
    const spread = tf.add(tf.sqrt(tf.div(second, 1 - 0.999 ** (step + 1))), 1e-8);
    return [tf.sub(theta, tf.div(tf.mul(first, learningRate / (1 - 0.9 ** (step + 1))), spread)), first, second];
  });
}
