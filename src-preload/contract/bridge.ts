import type { Channel } from './channels.ts';
import type { MenuCommand } from './commands.ts';
import type { Reply } from './reply.ts';
import type { Args, Result } from './requests.ts';
import type { RunEvent } from './run-events.ts';

/** The one object on the desktop window (`window.cellpredx`): nothing else crosses the border. */
export interface Bridge {
  request<C extends Channel>(channel: C, args: Args<C>): Promise<Reply<Result<C>>>;
  /** Listens to the events of all runs; the function it gives back stops listening. */
  on(listener: (event: RunEvent) => void): () => void;
  /** Listens to what a person chose in the menu; the function it gives back stops listening. */
  onCommand(listener: (command: MenuCommand) => void): () => void;
  /** Where a file lies that was dropped on the window; empty for one that lies nowhere. */
  pathOf(file: object): string;
}
