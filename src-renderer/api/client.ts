import type { Channel } from '#contract/channels';
import type { MenuCommand } from '#contract/commands';
import type { Args, Result } from '#contract/requests';
import type { RunEvent } from '#contract/run-events';
import type { RequestError } from './request-error.ts';

/** What the screens use to reach the services, whichever front they run in. */
export interface Client {
  /** Rejects with a `RequestError` that can be shown as it is. */
  request<C extends Channel>(channel: C, args: Args<C>): Promise<Result<C>>;
  /** Every event of every run from now on. The function it gives back stops listening. */
  onEvent(listener: (event: RunEvent) => void): () => void;
  /**
   * The events of one run, those that happened already first, each once and in order, also across a lost
   * connection. `onproblem` hears of a history that could not be had. The function it gives back stops watching.
   */
  watchRun(runId: string, listener: (event: RunEvent) => void, onproblem?: (error: RequestError) => void): () => void;
  /** What a person chose in the menu of the desktop window. The function it gives back stops listening. */
  onCommand(listener: (command: MenuCommand) => void): () => void;
  /** Where a dropped file lies; null where that cannot be told, as in a browser. */
  pathOf(file: File): string | null;
  /**
   * A path at which the services can read a dropped file: its own where that can be told, else that of a copy, which is
   * sent. `together` is a random word that the files of one drop share; `sent` is told the bytes that have gone. Rejects
   * with a `RequestError`, also when `signal` is aborted.
   */
  bring(
    file: File,
    options: { readonly together: string; readonly sent: (bytes: number) => void; readonly signal: AbortSignal },
  ): Promise<string>;
  /** Hears at once whether the services answer, and then each change. Always `open` in the desktop window. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
}

export type ConnectionState = 'open' | 'lost';
