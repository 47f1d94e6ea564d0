import type { Client } from '#api/client';
import { endNotice } from '#contract/end-notice';
import type { Result } from '#contract/requests';

const KEY = 'cellpredx.notify';

/**
 * Notifications of the system at the end of a run. On the desktop the application itself shows them, also when its window
 * is closed; in a browser this page does, after the browser was asked for permission.
 */
export class Notices {
  #on = $state(false);
  /** Whether there can be any here. */
  possible = $state(false);
  /** The browser was asked and said no. */
  refused = $state(false);
  #byPage = true;
  readonly #client: Client;
  #runs: Readonly<Record<string, Result<'run:queue'>[number]['run']>> = {};

  constructor(client: Client) {
    this.#client = client;
  }

  get on(): boolean {
    return this.#on;
  }

  /** Asks who shows notifications here, and listens for ends; the function it gives back stops that. */
  watch(): () => void {
    void this.#client.request('notices:get', {}).then(
      ({ on }) => {
        this.#byPage = on === null;
        this.possible = on !== null || 'Notification' in window;
        this.#on =
          on ?? (this.possible && Notification.permission === 'granted' && localStorage.getItem(KEY) === 'yes');
      },
      () => (this.possible = false), // what is wrong with the services is told elsewhere
    );
    return this.#client.onEvent((event) => {
      if (!this.#byPage || !this.#on) return;
      if (event.kind === 'queued' || event.kind === 'started') void this.#learnNames();
      const notice = endNotice(event, this.#runs[event.runId]);
      if (notice !== null && !document.hasFocus())
        new Notification(notice.title, { body: notice.body, tag: event.runId });
    });
  }

  async choose(on: boolean): Promise<void> {
    this.refused = false;
    if (!this.#byPage) {
      this.#on = (await this.#client.request('notices:set', { on })).on ?? false;
      return;
    }
    this.#on = on; // the switch shows the wish until the browser has answered
    const allowed = on && (await Notification.requestPermission()) === 'granted';
    this.refused = on && !allowed;
    this.#on = allowed;
    localStorage.setItem(KEY, allowed ? 'yes' : 'no');
    if (allowed) await this.#learnNames();
  }

  /** Events tell the number of a run only; its files are known as long as it is in the queue. */
  async #learnNames(): Promise<void> {
    const queue = await this.#client.request('run:queue', {});
    this.#runs = { ...this.#runs, ...Object.fromEntries(queue.map(({ run }) => [run.runId, run])) };
  }
}
