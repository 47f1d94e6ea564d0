// What `npm start`, `npm test`, `npm run demo` and `cellpredx` need before they can begin.
// Plain JavaScript for Node 20 and later, without packages: it runs on a bare clone.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const marker = join(root, 'node_modules', '.cellpredx-installed');
const windows = process.platform === 'win32';

/** The Node 24 that runs everything of ours: it comes as a package, so its version is the same everywhere. */
export const node24 = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** Everything that must be there before a command can begin: packages and compiled kernels. */
export function ensureReady() {
  ensurePackages();
  ensureKernels();
}

/** Installs the packages if they are absent or older than the lockfile. Its output goes to stderr, so that stdout stays clean. */
function ensurePackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = () => existsSync(node24) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
  if (installed()) return;
  oneAtATime(() => {
    if (!installed()) installPackages(wanted); // another command may have done it meanwhile
  });
}

function installPackages(wanted) {
  process.stderr.write('Installing packages (once; a few minutes) …\n');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (done.status !== 0)
    fail(
      'The packages could not be installed.',
      'Check the network connection, then run `npm ci` to see the whole message.',
    );
  if (!existsSync(node24))
    fail(
      'Node 24 did not arrive with the packages.',
      'Run `npm rebuild node`, or set allow-scripts for the package `node`.',
    );
  writeFileSync(marker, wanted);
}

/** Two commands that begin at the same time do not install into the same folder; the later one waits. */
function oneAtATime(work) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `cellpredx-install-${name}.lock`);
  for (let told = false; ;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(lock)) rmSync(lock, { force: true });
      else if (!told) process.stderr.write('Another command is installing the packages; waiting for it …\n');
      told = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Whether the process that made the lock is still there. */
function isAlive(lock) {
  const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : NaN;
  if (Number.isNaN(pid) || pid === 0) return existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 5000; // being written
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const kernelSources = join(root, 'src-main', 'engine', 'wasm', 'assembly');
const kernels = join(root, 'resources', 'kernels');
/** Threads share the memory; `relaxed-simd` has the multiplication with addition in one instruction. */
const kernelOptions = [
  ...['-O3', '--noAssert', '--runtime', 'stub'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
  ...['--enable', 'threads,simd,relaxed-simd,bulk-memory'],
];

/** Compiles the kernels of the WebAssembly engine if they are absent or their source, options or compiler changed. */
function ensureKernels() {
  const hash = createHash('sha256').update(kernelOptions.join(' '));
  hash.update(readFileSync(join(root, 'node_modules', 'assemblyscript', 'package.json')));
  for (const name of readdirSync(kernelSources).sort())
    hash.update(name).update(readFileSync(join(kernelSources, name)));
  const wanted = hash.digest('hex');
  const stamp = join(kernels, 'source-hash.txt');
  const binary = join(kernels, 'kernels.wasm');
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  mkdirSync(kernels, { recursive: true });
  const made = join(kernels, `kernels.${process.pid}.wasm`);
  const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
  const args = [compiler, join(kernelSources, 'index.ts'), '--outFile', made, ...kernelOptions];
  const done = spawnSync(node24, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0)
    fail('The kernels could not be compiled.', 'Run `npm ci`, then `node scripts/build-kernels.mjs`.');
  renameSync(made, binary); // two commands may compile at the same time
  writeFileSync(stamp, wanted);
}

/** Path of a Chrome, Chromium or Edge for the end-to-end tests; installs one where it may; null where none can be had. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found !== null) return found;
  process.stderr.write('No Chrome, Chromium or Edge found; fetching one for the end-to-end tests …\n');
  const quiet = { cwd: root, stdio: ['ignore', 2, 2], timeout: 300_000 };
  spawnSync(node24, [join(root, 'node_modules/playwright/cli.js'), 'install', 'chromium'], quiet);
  const own = playwrightBrowser();
  if (own !== null) return own;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    spawnSync('apt-get', ['update', '-qq'], quiet);
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], quiet);
  }
  return findBrowser();
}

function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named)
    return existsSync(named)
      ? named
      : fail(`CHROME_PATH names ${named}, which does not exist.`, 'Correct or unset it.');
  const places = {
    linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'].flatMap((name) =>
      (process.env.PATH ?? '').split(':').map((folder) => join(folder, name)),
    ),
    darwin: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ],
    win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
      .filter(Boolean)
      .flatMap((folder) => [
        join(folder, 'Google/Chrome/Application/chrome.exe'),
        join(folder, 'Microsoft/Edge/Application/msedge.exe'),
      ]),
  };
  return (places[process.platform] ?? []).find((path) => existsSync(path)) ?? playwrightBrowser();
}

function playwrightBrowser() {
  const asked = spawnSync(node24, ['-e', "process.stdout.write(require('playwright').chromium.executablePath())"], {
    cwd: root,
    encoding: 'utf8',
  });
  return asked.status === 0 && existsSync(asked.stdout) ? asked.stdout : null;
}

/**
 * The folder of the person who called, where relative paths begin. npm goes to the root of the package and names that folder;
 * called in another way it is the one this program is in, whatever an npm that started the shell has named.
 */
export function callersFolder() {
  const byNpm = process.env.npm_lifecycle_event !== undefined && process.cwd() === root;
  return byNpm ? (process.env.INIT_CWD ?? root) : process.cwd();
}

/** Runs a program of ours under Node 24 with this terminal's input and output; resolves to its exit code. */
export function runNode(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(node24, args, { cwd: root, stdio: 'inherit', ...options });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => fail(`Node 24 could not be started: ${error.message}`, 'Run `npm ci`.'));
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** Says what is wrong and what to do, and ends with exit code 2. */
export function fail(says, remedy) {
  process.stderr.write(`error[setup]: ${says}\nremedy: ${remedy}\n`);
  process.exit(2);
}
