import type { Client } from '#api/client';
import { RequestError } from '#api/request-error';
import { Task } from './task.svelte.ts';

/** A file on its way to the computer that computes. */
export interface Arriving {
  readonly name: string;
  /** Bytes. */
  readonly sent: number;
  readonly size: number;
}

/** Files a person dropped: where they lie on the desktop; from a browser, which does not tell that, a copy of each is sent. */
export class FileArrival {
  readonly task = new Task();
  now = $state.raw<Arriving | null>(null);
  readonly #client: Client;
  #stop: AbortController | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Paths of the files that were dropped, in their order; none if something is wrong, which `task` says, or it was stopped. */
  async bring(drop: DataTransfer | null): Promise<readonly string[]> {
    const files = [...(drop?.files ?? [])];
    const folder = [...(drop?.items ?? [])].findIndex((item) => item.webkitGetAsEntry()?.isDirectory === true);
    if (files.length === 0) return [];
    this.stop();
    const stop = (this.#stop = new AbortController());
    const together = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('');
    const paths = await this.task.run(async () => {
      const arrived: string[] = [];
      for (const [place, file] of files.entries()) {
        if (place === folder && this.#client.pathOf(file) === null) throw folderDropped(file.name);
        const sent = (bytes: number): void => {
          if (!stop.signal.aborted) this.now = { name: file.name, sent: bytes, size: file.size };
        };
        arrived.push(await this.#client.bring(file, { together, sent, signal: stop.signal }));
      }
      return arrived;
    });
    if (this.#stop === stop) this.now = null;
    return paths ?? [];
  }

  /** Takes back what is on its way; nothing of it is kept. */
  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.now = null;
    this.task.reset();
  }
}

function folderDropped(name: string): RequestError {
  return new RequestError({
    code: 'connection.folder-dropped',
    message: `${name} is a folder, and a browser hands over files only.`,
    remedy: 'Drop the files in it together, or pick the folder in the list of folders.',
  });
}
