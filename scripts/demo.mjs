#!/usr/bin/env node
// `npm run demo`: annotates the sample study without a window and prints the table.
import { join } from 'node:path';
import { callersFolder, ensureReady, root, runNode } from './lib/setup.mjs';

ensureReady();
process.exitCode = await runNode([join(root, 'src-main/cli.ts'), 'demo', ...process.argv.slice(2)], {
  cwd: callersFolder(),
});
