import { z } from 'zod';
import { AnnotationRequest } from '#contract/annotation-request';
import type { RunEvent } from '#contract/run-events';

/** What the jobs service tells the compute process. The first message is the job, each later one a wish. */
export const JobMessage = z.strictObject({
  kind: z.literal('job'),
  runId: z.string().min(1),
  projectPath: z.string().min(1),
  /** Number of this attempt, from `beginAttempt`. */
  attempt: z.int().min(1),
  request: AnnotationRequest,
  /** `seq` of the first event this process sends. */
  firstSeq: z.int().min(0),
  checkpoints: z.strictObject({
    /** Steps between two checkpoints. */
    every: z.int().min(1),
    /** Checkpoints that follow sooner are left out, so that quick steps do not wait for the disk. */
    minIntervalMs: z.number().min(0),
  }),
});
export type JobMessage = z.output<typeof JobMessage>;

export const CancelMessage = z.strictObject({ kind: z.literal('cancel') });
/** Stop after the step that is going on, with a checkpoint of it. */
export const PauseMessage = z.strictObject({ kind: z.literal('pause') });
export const ToCompute = z.discriminatedUnion('kind', [JobMessage, CancelMessage, PauseMessage]);
export type ToCompute = z.output<typeof ToCompute>;

/**
 * What the compute process tells: events of the kinds `started`, `stage` and `step`, and why it ends without a result.
 * How the run ended is read from the project and the exit, because a process that dies tells nothing.
 */
export type FromCompute =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'failed'; readonly error: { code: string; message: string; remedy: string } }
  | { readonly kind: 'ended' };

/** Exit codes of the compute process. */
export const exitCodes = { done: 0, failed: 1, cancelled: 130, parentGone: 3 } as const;
