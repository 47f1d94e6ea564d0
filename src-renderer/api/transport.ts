import type { Channel } from '#contract/channels';
import type { MenuCommand } from '#contract/commands';
import type { Reply } from '#contract/reply';
import type { RunEvent } from '#contract/run-events';
import type { ConnectionState } from './client.ts';

/** How requests and events cross to the services: one implementation per front. */
export interface Transport {
  /** Rejects with a `RequestError` if there was no answer at all. */
  request(channel: Channel, args: unknown): Promise<Reply<unknown>>;
  onEvent(listener: (event: RunEvent) => void): () => void;
  onCommand(listener: (command: MenuCommand) => void): () => void;
  /** Where a dropped file lies; null where that cannot be told. */
  pathOf(file: File): string | null;
  /** Sends the bytes of an announced file; null where files are read where they lie. */
  readonly sendFile: SendFile | null;
  /** Tells the present state at once. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
}

/**
 * Gives the reply with the path of the copy. Rejects if there was no answer, or when `signal` is aborted.
 * @param sent told how many bytes have gone
 */
export type SendFile = (
  ticket: string,
  file: File,
  options: { readonly sent: (bytes: number) => void; readonly signal: AbortSignal },
) => Promise<Reply<string>>;
