import type { Hindrance, RunningEngine } from '../engine-driver.ts';

/** What a trial tells while it goes on, in this order; a trial that cannot go on tells why and ends. */
export type ProbeMessage =
  | { readonly kind: 'started'; readonly running: RunningEngine }
  /** It trained; the largest difference from the reference. */
  | { readonly kind: 'trained'; readonly difference: number }
  | { readonly kind: 'measured'; readonly stepsPerSecond: number; readonly gigaflops: number }
  | { readonly kind: 'hindered'; readonly hindrance: Hindrance }
  | { readonly kind: 'failed'; readonly error: string };
