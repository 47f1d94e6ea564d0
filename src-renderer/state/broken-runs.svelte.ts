import type { Client } from '#api/client';
import type { Result } from '#contract/requests';
import type { WireError } from '#core/base/app-error';
import { Task } from './task.svelte.ts';

type QueueLine = Result<'run:queue'>[number];

/** A run that broke off while this page was open. */
export interface BrokenRun extends QueueLine {
  readonly error: WireError;
  /** Asking it to go on. */
  readonly resuming: Task;
}

/**
 * Runs that broke off since this page was opened, oldest first: a person on any other screen hears of it, and can let them
 * go on from there. A run leaves the list when it goes on or the message is put away.
 */
export class BrokenRuns {
  runs = $state.raw<readonly BrokenRun[]>([]);
  readonly #client: Client;
  /** Events tell the number of a run only; what it is, is known as long as it is in the queue. */
  #lines: Readonly<Record<string, QueueLine>> = {};

  constructor(client: Client) {
    this.#client = client;
  }

  /** Listens for ends; the function it gives back stops that. */
  watch(): () => void {
    void this.#learn();
    return this.#client.onEvent((event) => {
      if (event.kind === 'queued' || event.kind === 'started') {
        this.putAway(event.runId);
        void this.#learn();
      }
      const line = this.#lines[event.runId];
      if (event.kind !== 'failed' || line === undefined) return;
      this.putAway(event.runId);
      this.runs = [...this.runs, { ...line, error: event.error, resuming: new Task() }];
    });
  }

  putAway(runId: string): void {
    this.runs = this.runs.filter(({ run }) => run.runId !== runId);
  }

  /** Goes on from the last checkpoint; its events then take it off the list. */
  async resume({ projectPath, run, resuming }: BrokenRun): Promise<void> {
    await resuming.run(() => this.#client.request('run:resume', { projectPath, runId: run.runId }));
  }

  async #learn(): Promise<void> {
    // what is wrong with the services is told elsewhere; the next event asks again
    const queue = await this.#client.request('run:queue', {}).catch(() => []);
    this.#lines = { ...this.#lines, ...Object.fromEntries(queue.map((line) => [line.run.runId, line])) };
  }
}
