import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/base/app-error';
import { createHandlers } from '#handlers/create-handlers';
import { createServices } from '#handlers/create-services';
import { JobQueue } from '#jobs/queue';
import { hostHelp, type HostOptions, hostOptions } from './host-options.ts';
import { startBrowserHost } from './start-browser-host.ts';

/*
 * The browser front from source: `node src-main/browser-host/main.ts --help`. Prints one line with the link that opens
 * it. Ctrl-C closes it; a run that is going on becomes "interrupted" and can be resumed.
 */

try {
  const options = hostOptions(process.argv.slice(2), homedir());
  if (options === 'help') process.stdout.write(hostHelp);
  else await serve(options);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`error[${error.code}]: ${error.message}\nremedy: ${error.remedy}\n`);
  process.exitCode = 2;
}

async function serve(options: HostOptions): Promise<void> {
  const place = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const { version } = JSON.parse(readFileSync(place('package.json'), 'utf8')) as { version: string };
  const projectDirectory = resolve(options.projectDir);
  mkdirSync(projectDirectory, { recursive: true });

  const jobs = new JobQueue();
  const services = await createServices({
    front: 'browser',
    version,
    roots: [...new Set([...options.roots.map((root) => resolve(root)), projectDirectory])],
    dialogs: null,
    arrivalsFolder: join(projectDirectory, 'Dropped files'),
    resources: place('resources'),
    projectDirectory,
    recentFile: join(projectDirectory, '.recent-projects.json'),
    sideEntry: place('src-main/handlers/inspect-process.ts'),
    jobs,
  });
  const host = await startBrowserHost({
    handlers: createHandlers(services),
    events: services.runs,
    arrivals: services.arrivals,
    rendererDir: place('out/renderer'),
    ...(options.port === null ? {} : { port: options.port }),
  });
  print(host.url);
  if (options.open) openInBrowser(host.url);

  if (process.stdin.isTTY) process.stdin.on('data', () => print(host.newLink())).unref();
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(130); // asked twice: at once
      closing = true;
      void Promise.all([host.close(), jobs.close()]).then(() => process.exit(0));
    });
  }
}

function print(link: string): void {
  process.stdout.write(`CellPredX Studio: ${link}\n`);
}

/** Leaves it to the person where there is no screen or no way to open a page. */
function openInBrowser(link: string): void {
  const { platform, env } = process;
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return;
  const [program, ...words] =
    platform === 'darwin'
      ? ['open', link]
      : platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', link]
        : ['xdg-open', link];
  const opener = spawn(program!, words, { detached: true, stdio: 'ignore' });
  opener.on('error', () => process.stderr.write('No browser could be opened; open the link above by hand.\n'));
  opener.unref();
}
