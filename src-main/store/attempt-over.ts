/**
 * Thrown by a write for an attempt that is no longer going on: the run was cancelled, deleted or taken up elsewhere.
 * The process that meets it has nothing more to do.
 */
export class AttemptOver extends Error {
  override readonly name = 'AttemptOver';
  constructor(runId: string, attempt: number) {
    super(`Attempt ${attempt} of run ${runId} is over`);
  }
}
