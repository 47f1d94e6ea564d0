import type { TrainProgress } from '#core/train/method';
import type { ProjectWriter } from '#store/project';
import type { StepMetrics } from '#store/rows';

/** Steps are written together when this time has passed since the last writing. */
const batchMs = 250;

/** Puts the loss terms of a run into its project, several steps at a time. */
export class StepWriter {
  readonly #project: ProjectWriter;
  readonly #runId: string;
  readonly #attempt: number;
  readonly #now: () => number;
  #waiting: StepMetrics[] = [];
  #writtenAt = -Infinity;
  #first = true;

  constructor(project: ProjectWriter, runId: string, attempt: number, now: () => number) {
    this.#project = project;
    this.#runId = runId;
    this.#attempt = attempt;
    this.#now = now;
  }

  /**
   * The first step tells where the run goes on; what an earlier attempt wrote from there on is forgotten.
   * @returns whether it was the first step of this attempt
   */
  add({ step, terms }: TrainProgress): boolean {
    const first = this.#first;
    if (first) this.#project.forgetStepsAfter(this.#runId, this.#attempt, step - 1);
    this.#first = false;
    this.#waiting.push({ step, terms: { ...terms } });
    if (this.#now() - this.#writtenAt >= batchMs) this.flush();
    return first;
  }

  /** Writes what waits. Throws `AttemptOver` when the run has been given up. */
  flush(): void {
    if (this.#waiting.length > 0) this.#project.addSteps(this.#runId, this.#attempt, this.#waiting);
    this.#waiting = [];
    this.#writtenAt = this.#now();
  }
}
