import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './root.ts';

export interface BrowserHost {
  /** Opens the page once. */
  readonly link: string;
  /** Where projects go. */
  readonly projects: string;
  /** A folder whose files may be chosen. */
  readonly files: string;
  close(): Promise<void>;
}

/** Starts the browser front on a free port with folders of its own, which are removed at the end. */
export async function startHost(): Promise<BrowserHost> {
  const folder = await mkdtemp(join(tmpdir(), 'cellpredx-e2e-'));
  const [projects, files] = [join(folder, 'projects'), join(folder, 'files')];
  await mkdir(files);
  const words = ['src-main/browser-host/main.ts', '--project-dir', projects, '--root', files];
  const host = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  host.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const link = await linkOf(host, said);
  return {
    link,
    projects,
    files,
    async close() {
      if (host.exitCode === null && host.signalCode === null) {
        const ended = once(host, 'exit');
        host.kill('SIGTERM');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The link it prints once it listens. */
async function linkOf(
  host: ChildProcess & { stdout: NodeJS.ReadableStream },
  said: readonly string[],
): Promise<string> {
  for await (const line of createInterface({ input: host.stdout })) {
    const link = /https?:\/\/\S+/.exec(line)?.[0];
    if (link !== undefined) return link;
  }
  throw new Error(`The browser host ended before it listened:\n${said.join('')}`);
}
