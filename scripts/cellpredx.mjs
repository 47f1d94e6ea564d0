#!/usr/bin/env node
// The command line: `cellpredx annotate …`. Paths are read from the folder where it was called.
import { join } from 'node:path';
import { callersFolder, ensureReady, root, runNode } from './lib/setup.mjs';

ensureReady();
process.exitCode = await runNode([join(root, 'src-main/cli.ts'), ...process.argv.slice(2)], {
  cwd: callersFolder(),
});
