#!/usr/bin/env node
// `npm start`: opens the desktop application, or says in one line why it cannot and opens the browser front.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, node24, root, runNode } from './lib/setup.mjs';

ensureReady();
build();
const obstacle = desktopObstacle();
if (obstacle === null) {
  process.exitCode = await runNode([join(root, 'node_modules/electron/cli.js'), root, ...process.argv.slice(2)]);
} else {
  process.stdout.write(`No desktop window here: ${obstacle} Opening the browser front instead.\n`);
  process.exitCode = await runNode([join(root, 'src-main/browser-host/main.ts'), '--open', ...process.argv.slice(2)]);
}

/** Bundles the window (and the shell, when a desktop can be had). A second or two when nothing changed. */
function build() {
  process.stderr.write('Building …\n');
  const built = spawnSync(
    node24,
    [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (built.status !== 0) process.exit(1);
}

/** Why no desktop window can be opened on this machine, or null if one can. */
function desktopObstacle() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'this session has no screen.';
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return null;
  const folder = join(root, 'node_modules/electron');
  if (!existsSync(join(folder, 'path.txt'))) {
    process.stderr.write('Fetching Electron (once, about 120 MB) …\n');
    const fetched = spawnSync(node24, [join(folder, 'install.js')], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      timeout: 600_000,
    });
    if (fetched.status !== 0) return "Electron's program could not be downloaded.";
  }
  try {
    return existsSync(createRequire(join(root, 'package.json'))('electron')) ? null : "Electron's program is missing.";
  } catch (error) {
    return `Electron's program is missing (${error.message.split('\n')[0]}).`;
  }
}
