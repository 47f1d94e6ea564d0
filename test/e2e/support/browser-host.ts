import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
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
  /** Kills it at once, as a crash or a power cut would, and starts another on the same folders; gives the new link. */
  killAndStartAgain(): Promise<string>;
  /**
   * Sends a signal to the processes the host has beside it: `compute` trains, `side` looks into files. Gives how many
   * there were.
   */
  signalChildren(which: 'compute' | 'side', signal: NodeJS.Signals): number;
  close(): Promise<void>;
}

const entries = { compute: 'src-main/compute-process/index.ts', side: 'src-main/handlers/inspect-process.ts' } as const;

/** Starts the browser front on a free port with folders of its own, which are removed at the end. */
export async function startHost(): Promise<BrowserHost> {
  const folder = await mkdtemp(join(tmpdir(), 'cellpredx-e2e-'));
  const [projects, files] = [join(folder, 'projects'), join(folder, 'files')];
  await mkdir(files);
  const words = ['src-main/browser-host/main.ts', '--project-dir', projects, '--root', files];
  const start = async () => {
    const process = spawn(nodePath, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    process.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    return { process, link: await linkOf(process, said) };
  };
  let host = await start();
  return {
    link: host.link,
    projects,
    files,
    async killAndStartAgain() {
      await end(host.process, 'SIGKILL');
      host = await start();
      return host.link;
    },
    signalChildren(which, signal) {
      const children = childrenOf(host.process.pid!, entries[which]);
      for (const pid of children) process.kill(pid, signal);
      return children.length;
    },
    async close() {
      await end(host.process, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const nodePath = process.execPath;

/** Processes that another one started, by a word of their command line; those that have ended are left out. */
function childrenOf(parent: number, word: string): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null && Number(found[2]) === parent && !found[3]!.startsWith('Z'))
    .filter((found) => found![4]!.includes(word))
    .map((found) => Number(found![1]));
}

async function end(host: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  const ended = once(host, 'exit');
  host.kill(signal);
  await ended;
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
