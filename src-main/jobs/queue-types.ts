import type { AnnotationRequest } from '#contract/annotation-request';
import type { RunEvent } from '#contract/run-events';

/** What the jobs service offers to the fronts. */
export interface Jobs {
  /**
   * Takes over a project's queue: runs that were going on when the last application ended become `interrupted`,
   * runs that waited wait again. Throws `project.in-use` while another application has the queue.
   */
  attach(projectPath: string): void;
  /** Gives a project's queue up; its running runs are stopped and become `interrupted`. */
  detach(projectPath: string): Promise<void>;
  /** Queues a run and gives back its id at once; attaches the project where needed. */
  start(projectPath: string, request: AnnotationRequest): string;
  /** Queues an interrupted, failed or cancelled run again; it goes on from its last checkpoint. Nothing to do if it waits or runs. */
  resume(projectPath: string, runId: string): void;
  /** Stops a run within a second. Resolves to true when it has stopped, to false if it had already ended. */
  cancel(runId: string): Promise<boolean>;
  /**
   * Stops a run after the step that is going on, with a checkpoint of it; it is told as `paused`, and resuming puts it before
   * all that wait. A run that waits leaves the queue. Resolves as `cancel` does.
   */
  pause(runId: string): Promise<boolean>;
  /** The runs of all open projects that compute or wait, in their order. */
  queue(): readonly { readonly projectPath: string; readonly runId: string }[];
  /** Every event of every run from now on; gives back the function that ends it. */
  onEvent(listener: (event: RunEvent) => void): () => void;
  /** The last events of a run in this session, oldest first, for a window that comes later. */
  history(runId: string): readonly RunEvent[];
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
  /** Stops everything; running runs become `interrupted`. */
  close(): Promise<void>;
}
