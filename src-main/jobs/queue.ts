import { resolve } from 'node:path';
import { AnnotationRequest } from '#contract/annotation-request';
import type { RunEvent } from '#contract/run-events';
import type { FromCompute } from '#compute/protocol';
import { runError } from '#compute/run-error';
import { openProject, type ProjectWriter, type RunEnding } from '#store/project';
import { takeQueueLock, type QueueLock } from '#store/queue-lock';
import type { WireError } from '#core/base/app-error';
import { type ChildExit, type ComputeChild, forkCompute, type StartCompute } from './compute-child.ts';
import { EventHistory } from './event-history.ts';
import { exitError } from './exit-error.ts';
import { nodeBinary } from './node-binary.ts';
import { isPaused, pausedNote } from './paused-note.ts';
import type { Jobs } from './queue-types.ts';

export interface QueueOptions {
  /** Compute processes at a time; one uses the whole computer. */
  readonly concurrent?: number;
  /** Time a run gets to stop by itself before its process is ended. */
  readonly graceMs?: number;
  /** Time a run gets to finish its step and write a checkpoint before a pause becomes an interruption. */
  readonly pauseMs?: number;
  /** Events kept per run. */
  readonly keptEvents?: number;
  readonly checkpoints?: { readonly every: number; readonly minIntervalMs: number };
  readonly startCompute?: StartCompute;
  /** Milliseconds of any clock that never goes back. */
  readonly now?: () => number;
}

interface OpenProject {
  readonly store: ProjectWriter;
  readonly lock: QueueLock;
}

interface Waiting {
  readonly runId: string;
  readonly projectPath: string;
}

interface Running extends Waiting {
  readonly attempt: number;
  readonly startedAt: number;
  readonly ended: Promise<void>;
  child: ComputeChild;
  /** How the run is to end because somebody asked for it. */
  wish: Wish | null;
  failure: WireError | null;
}

type Wish = 'cancelled' | 'interrupted' | 'paused';

type Told = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'runId' | 'seq' | 'elapsedMs'> : never) : never;

/**
 * The runs of all open projects, one after the other, each in a compute process of its own. What a run left and how it
 * ended is read from its project, so that a process that dies between storing its result and saying so has finished.
 */
export class JobQueue implements Jobs {
  readonly #options: Required<QueueOptions>;
  readonly #projects = new Map<string, OpenProject>();
  readonly #events: EventHistory;
  #waiting: Waiting[] = [];
  readonly #running = new Map<string, Running>();
  #whenIdle: (() => void)[] = [];
  #closing = false;

  constructor(options: QueueOptions = {}) {
    this.#options = {
      concurrent: 1,
      graceMs: 800,
      pauseMs: 20_000,
      keptEvents: 5000,
      checkpoints: { every: 20, minIntervalMs: 5000 },
      startCompute: forkCompute(),
      now: () => performance.now(),
      ...options,
    };
    this.#events = new EventHistory(this.#options.keptEvents);
  }

  attach(projectPath: string): void {
    const path = resolve(projectPath);
    if (this.#projects.has(path)) return;
    const store = openProject(path);
    try {
      this.#projects.set(path, { store, lock: takeQueueLock(path) });
    } catch (error) {
      store.close();
      throw error;
    }
    for (const { id, status } of store.runs().reverse()) {
      if (status === 'running') this.#end(path, id, { status: 'interrupted' });
      if (status === 'queued') this.#enqueue({ runId: id, projectPath: path });
    }
    this.#startNext();
  }

  async detach(projectPath: string): Promise<void> {
    const path = resolve(projectPath);
    const open = this.#projects.get(path);
    if (open === undefined) return;
    this.#waiting = this.#waiting.filter((job) => job.projectPath !== path); // stays `queued` in the project
    await Promise.all(
      [...this.#running.values()]
        .filter((job) => job.projectPath === path)
        .map((job) => this.#stop(job, 'interrupted')),
    );
    this.#projects.delete(path);
    open.lock.release();
    open.store.close();
    this.#tellIfIdle();
  }

  start(projectPath: string, request: AnnotationRequest): string {
    this.attach(projectPath);
    const path = resolve(projectPath);
    const runId = this.#storeOf(path).addRun({ request, seed: request.seed });
    this.#enqueue({ runId, projectPath: path });
    this.#startNext();
    return runId;
  }

  resume(projectPath: string, runId: string): void {
    this.attach(projectPath);
    const path = resolve(projectPath);
    if (this.#running.has(runId) || this.#waiting.some((job) => job.runId === runId)) return; // attaching took it up
    const store = this.#storeOf(path);
    if (store.run(runId).status === 'running') store.endRun(runId, { status: 'interrupted' }); // its end could not be stored: the disk was full
    const paused = isPaused(store, runId);
    store.requeueRun(runId);
    store.setNote(pausedNote(runId), false);
    this.#enqueue({ runId, projectPath: path }, paused);
    this.#startNext();
  }

  cancel(runId: string): Promise<boolean> {
    return this.#take(runId, 'cancelled');
  }

  pause(runId: string): Promise<boolean> {
    return this.#take(runId, 'paused');
  }

  queue(): readonly Waiting[] {
    return [...this.#running.values(), ...this.#waiting].map(({ runId, projectPath }) => ({ runId, projectPath }));
  }

  onEvent(listener: (event: RunEvent) => void): () => void {
    return this.#events.listen(listener);
  }

  history(runId: string): readonly RunEvent[] {
    return this.#events.of(runId);
  }

  idle(): Promise<void> {
    return new Promise((done) => {
      this.#whenIdle.push(done);
      this.#tellIfIdle();
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#projects.keys()].map((path) => this.detach(path)));
  }

  #enqueue(job: Waiting, first = false): void {
    if (first) this.#waiting.unshift(job);
    else this.#waiting.push(job);
    if (first) this.#tellPlaces();
    else this.#tellPlace(job.runId, this.#waiting.length - 1);
  }

  #startNext(): void {
    while (!this.#closing && this.#running.size < this.#options.concurrent) {
      const job = this.#waiting.shift();
      if (job === undefined) break;
      try {
        this.#begin(job);
      } catch (error) {
        this.#end(job.projectPath, job.runId, { status: 'failed', error: runError(error), log: '' });
      }
      this.#tellPlaces();
    }
    this.#tellIfIdle();
  }

  #begin({ runId, projectPath }: Waiting): void {
    const store = this.#storeOf(projectPath);
    const request = AnnotationRequest.parse(store.run(runId).request);
    const attempt = store.beginAttempt(runId);
    const { promise: ended, resolve: hasEnded } = Promise.withResolvers<void>();
    const child = this.#options.startCompute({
      onMessage: (message) => this.#hear(runId, message),
      onExit: (exit) => {
        this.#hasExited(runId, exit);
        hasEnded();
      },
    });
    this.#running.set(runId, {
      runId,
      projectPath,
      attempt,
      startedAt: this.#options.now(),
      ended,
      child,
      wish: null,
      failure: null,
    });
    const firstSeq = this.#events.nextSeq(runId);
    child.send({ kind: 'job', runId, projectPath, attempt, request, firstSeq, checkpoints: this.#options.checkpoints });
  }

  #hear(runId: string, message: FromCompute): void {
    const job = this.#running.get(runId);
    if (message.kind === 'event') this.#events.add(message.event);
    if (message.kind === 'failed' && job !== undefined) job.failure = message.error;
  }

  #hasExited(runId: string, exit: ChildExit): void {
    const job = this.#running.get(runId)!;
    this.#running.delete(runId);
    const elapsedMs = this.#options.now() - job.startedAt;
    const stored = this.#storeOf(job.projectPath)
      .runs()
      .find(({ id }) => id === runId);
    if (stored?.status === 'finished') {
      this.#tell(runId, { kind: 'finished' }, elapsedMs);
    } else if (job.wish !== null || stored === undefined) {
      this.#endByWish(job, job.wish ?? 'cancelled', elapsedMs);
    } else {
      const error = job.failure ?? exitError(exit, nodeBinary());
      this.#end(job.projectPath, runId, { status: 'failed', error, log: exit.log }, elapsedMs);
    }
    this.#startNext();
  }

  /** Takes a run out of the queue or stops it. */
  async #take(runId: string, wish: Wish): Promise<boolean> {
    const waiting = this.#waiting.find((job) => job.runId === runId);
    if (waiting !== undefined) {
      this.#waiting = this.#waiting.filter((job) => job !== waiting);
      this.#endByWish(waiting, wish);
      this.#tellPlaces();
      this.#tellIfIdle();
      return true;
    }
    const running = this.#running.get(runId);
    return running === undefined ? false : this.#stop(running, wish);
  }

  /** Asks, waits for the time of grace, ends the process. True unless the run finished before it heard. */
  async #stop(job: Running, wish: Wish): Promise<boolean> {
    job.wish = job.wish === null || job.wish === 'paused' ? wish : job.wish;
    const endNow = (): NodeJS.Timeout => {
      job.child.send({ kind: 'cancel' });
      return setTimeout(() => job.child.kill(), this.#options.graceMs);
    };
    let timer: NodeJS.Timeout;
    if (wish === 'paused') {
      job.child.send({ kind: 'pause' });
      timer = setTimeout(() => (timer = endNow()), this.#options.pauseMs);
    } else {
      timer = endNow();
    }
    await job.ended;
    clearTimeout(timer);
    return this.#events.of(job.runId).at(-1)?.kind === job.wish;
  }

  /** A paused run is stored as interrupted, with a note that it was meant. */
  #endByWish({ projectPath, runId }: Waiting, wish: Wish, elapsedMs = 0): void {
    if (wish !== 'paused') return this.#end(projectPath, runId, { status: wish }, elapsedMs);
    this.#storeOf(projectPath).setNote(pausedNote(runId), true);
    this.#end(projectPath, runId, { status: 'interrupted' }, elapsedMs, { kind: 'paused' });
  }

  #end(projectPath: string, runId: string, ending: RunEnding, elapsedMs = 0, as: Told = toldOf(ending)): void {
    let told = as;
    try {
      this.#storeOf(projectPath).endRun(runId, ending);
    } catch (error) {
      // the run is over whether or not the disk takes it down; the next opening finds it interrupted
      told = { kind: 'failed', error: runError(error), log: ending.status === 'failed' ? ending.log : '' };
    }
    this.#tell(runId, told, elapsedMs);
  }

  #tellPlaces(): void {
    this.#waiting.forEach(({ runId }, place) => this.#tellPlace(runId, place));
  }

  /** How many runs come before a waiting one: those ahead of it in the queue and those that are computing. */
  #tellPlace(runId: string, place: number): void {
    this.#tell(runId, { kind: 'queued', position: place + this.#running.size }, 0);
  }

  #tell(runId: string, event: Told, elapsedMs: number): void {
    this.#events.add({ ...event, runId, elapsedMs, seq: this.#events.nextSeq(runId) } as RunEvent);
  }

  #tellIfIdle(): void {
    if (this.#running.size > 0 || (this.#waiting.length > 0 && !this.#closing)) return;
    for (const done of this.#whenIdle.splice(0)) done();
  }

  #storeOf(path: string): ProjectWriter {
    return this.#projects.get(path)!.store;
  }
}

function toldOf(ending: RunEnding): Told {
  return ending.status === 'failed'
    ? { kind: 'failed', error: ending.error, log: ending.log }
    : { kind: ending.status };
}
