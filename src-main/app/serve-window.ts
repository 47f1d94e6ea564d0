import type { IpcMain, WebContents } from 'electron';
import { carrier } from '#contract/channels';
import type { Handlers } from '#contract/requests';
import type { RunEvent } from '#contract/run-events';
import { dispatch, type FaultLog } from '#handlers/dispatch';
import { isTrustedSender } from './page-origin.ts';

/** Answers the requests of our page; a message of any other sender is refused before it is looked at. */
export function serveRequests(ipc: Pick<IpcMain, 'handle'>, handlers: Handlers, log: FaultLog): void {
  ipc.handle(carrier.request, (event, channel: unknown, args: unknown) => {
    if (!isTrustedSender(event.senderFrame)) throw new Error('A request of another page was refused.');
    return dispatch(handlers, channel, args, log);
  });
}

/** Tells run events to the windows that are open at the time. */
export function tellEvents(
  events: { subscribe(listener: (event: RunEvent) => void): () => void },
  windows: () => readonly Pick<WebContents, 'send' | 'isDestroyed'>[],
): () => void {
  return events.subscribe((event) => {
    for (const contents of windows()) if (!contents.isDestroyed()) contents.send(carrier.runEvent, event);
  });
}
