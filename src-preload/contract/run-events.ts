import { z } from 'zod';

/** The stages of a run, in order. */
export const stages = ['read', 'prepare', 'train', 'predict', 'interpret', 'layout', 'figures', 'write'] as const;
export type Stage = (typeof stages)[number];

/** Fields every event carries. `seq` starts at 0 and grows by one within a run: a gap means a lost message. */
const base = { runId: z.string(), seq: z.int().min(0), elapsedMs: z.number().min(0) };

const wireError = z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() });

/** What a run tells while it goes on. A run ends with exactly one of finished, cancelled, paused, failed, interrupted. */
export const RunEvent = z.discriminatedUnion('kind', [
  /** `position` counts the runs before it, of all projects, with those that are computing. */
  z.strictObject({ ...base, kind: z.literal('queued'), position: z.int().min(0) }),
  z.strictObject({ ...base, kind: z.literal('started'), engine: z.string() }),
  /** A stage began or moved on; `fraction` is 0…1 of that stage. */
  z.strictObject({
    ...base,
    kind: z.literal('stage'),
    stage: z.enum(stages),
    fraction: z.number().min(0).max(1),
    text: z.string(),
    /** Time left for the whole run; from the end of training on, where it can be told. */
    remainingMs: z.number().min(0).optional(),
  }),
  /** One training step (or the last of several, when they come faster than they can be shown). */
  z.strictObject({
    ...base,
    kind: z.literal('step'),
    step: z.int().min(1),
    steps: z.int().min(1),
    terms: z.record(z.string(), z.number()),
    stepsPerSecond: z.number().min(0),
    /** Time left for the whole run; null until it can be told. */
    remainingMs: z.number().min(0).nullable(),
    residentBytes: z.number().min(0),
  }),
  /** A fixed sample of the query as the method sees it now; only the latest is kept. */
  z.strictObject({
    ...base,
    kind: z.literal('forming'),
    step: z.int().min(1),
    labels: z.array(z.string()),
    /** [cells, 2] row by row, in thousandths: −1000 … 1000. */
    places: z.array(z.int().min(-1000).max(1000)),
    /** [cells] points into `labels`. */
    predicted: z.array(z.int().min(0)),
    /** [cells] probability of that label before calibration, in thousandths. */
    confidence: z.array(z.int().min(0).max(1000)),
  }),
  z.strictObject({ ...base, kind: z.literal('finished') }),
  z.strictObject({ ...base, kind: z.literal('cancelled') }),
  z.strictObject({ ...base, kind: z.literal('failed'), error: wireError, log: z.string() }),
  /** Stopped because a person asked for it, with a checkpoint of just that step. */
  z.strictObject({ ...base, kind: z.literal('paused') }),
  /** The compute process or the computer went away; the run can be resumed from its last checkpoint. */
  z.strictObject({ ...base, kind: z.literal('interrupted') }),
]);
export type RunEvent = z.output<typeof RunEvent>;
