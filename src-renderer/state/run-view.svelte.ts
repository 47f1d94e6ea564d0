import type { Client } from '#api/client';
import { endsRun } from '#contract/run-end';
import type { RunEvent } from '#contract/run-events';
import type { Result } from '#contract/requests';
import { Task } from './task.svelte.ts';
import { curvesOf } from './term-curves.ts';

export type RunSummary = Result<'run:list'>[number];

/** One run as it goes on: what happened before, then what happens now. */
export class RunView {
  readonly runId: string;
  readonly projectPath: string;
  events = $state.raw<readonly RunEvent[]>([]);
  summary = $state.raw<RunSummary | null>(null);
  readonly opening = new Task();
  readonly acting = new Task();
  /** Opening its annotation to change it. */
  readonly changing = new Task();
  /** What the person asked for and has not happened yet. */
  asked = $state<'cancel' | 'pause' | 'resume' | null>(null);
  readonly #client: Client;
  #stop: (() => void) | null = null;
  #fresh: RunEvent[] = [];

  /** Events since the run was last queued: a resumed run begins afresh after its end. */
  readonly #attempt = $derived(this.events.slice(lastBeginning(this.events)));
  readonly end = $derived(this.#attempt.findLast(endsRun) ?? null);
  readonly state = $derived(stateOf(this.#attempt.at(-1), this.summary));
  readonly stage = $derived(this.#attempt.findLast((event) => event.kind === 'stage') ?? null);
  readonly step = $derived(this.events.findLast((event) => event.kind === 'step') ?? null);
  /** A sample of the query as the method saw it last; of this attempt, so that a resumed run begins empty. */
  readonly forming = $derived(this.#attempt.findLast((event) => event.kind === 'forming') ?? null);
  /** Time left, as it was told last (with a step, or a stage after training) and running on since. */
  readonly remainingMs = $derived.by(() => {
    const told = this.events.findLast((event) => event.kind === 'step' || isLate(event));
    if (told === undefined || this.elapsedMs === null) return null;
    const { remainingMs = null } = told as { remainingMs?: number | null };
    return remainingMs === null ? null : Math.max(0, remainingMs - Math.max(0, this.elapsedMs - told.elapsedMs));
  });
  readonly queued = $derived(this.#attempt.findLast((event) => event.kind === 'queued') ?? null);
  readonly engine = $derived(this.events.findLast((event) => event.kind === 'started')?.engine ?? null);
  /** Why it failed: told by its end, or kept with the run where the services were started again since. */
  readonly failure = $derived.by(() => {
    if (this.end?.kind === 'failed') return this.end;
    const kept = this.#attempt.length === 0 ? this.summary?.error : undefined;
    return kept === undefined ? null : { error: kept, log: '' };
  });
  readonly elapsedMs = $derived(this.#attempt.at(-1)?.elapsedMs ?? null);
  readonly curves = $derived(curvesOf(this.events));

  constructor(client: Client, projectPath: string, runId: string) {
    this.#client = client;
    this.projectPath = projectPath;
    this.runId = runId;
  }

  /** Starts to watch, and asks what run this is. */
  async open(): Promise<void> {
    this.#stop ??= this.#client.watchRun(
      this.runId,
      (event) => this.#take(event),
      (error) => (this.opening.error = error),
    );
    const runs = await this.opening.run(() => this.#client.request('run:list', { projectPath: this.projectPath }));
    this.summary = runs?.find((run) => run.runId === this.runId) ?? null;
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
  }

  async cancel(): Promise<void> {
    this.asked = 'cancel';
    await this.acting.run(() => this.#client.request('run:cancel', { runId: this.runId }));
    if (this.acting.error !== null) this.asked = null;
  }

  async pause(): Promise<void> {
    this.asked = 'pause';
    await this.acting.run(() => this.#client.request('run:pause', { runId: this.runId }));
    if (this.acting.error !== null) this.asked = null;
  }

  /** Goes on from the last checkpoint; gives the run to watch from now on, or null on failure. */
  async resume(): Promise<string | null> {
    this.asked = 'resume';
    const resumed = await this.acting.run(() =>
      this.#client.request('run:resume', { projectPath: this.projectPath, runId: this.runId }),
    );
    if (resumed === null) this.asked = null;
    return resumed?.runId ?? null;
  }

  /** Events of a long history come one by one; they are shown together. */
  #take(event: RunEvent): void {
    if (this.#fresh.push(event) > 1) return;
    queueMicrotask(() => {
      this.events = [...this.events, ...this.#fresh.splice(0)];
      const kind = this.events.at(-1)!.kind;
      if (this.asked !== 'resume' ? endsRun({ kind }) : !endsRun({ kind })) this.asked = null;
    });
  }
}

/** A stage that tells the time left. */
function isLate(event: RunEvent): boolean {
  return event.kind === 'stage' && event.remainingMs !== undefined;
}

function lastBeginning(events: readonly RunEvent[]): number {
  return events.findLastIndex((event, place) => endsRun(event) && place < events.length - 1) + 1;
}

function stateOf(last: RunEvent | undefined, summary: RunSummary | null): RunSummary['state'] {
  switch (last?.kind) {
    case undefined:
      return summary?.state ?? 'queued';
    case 'queued':
    case 'finished':
    case 'cancelled':
    case 'paused':
    case 'failed':
    case 'interrupted':
      return last.kind;
    default:
      return 'running';
  }
}
