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
  /** Tells the present state at once. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
}
