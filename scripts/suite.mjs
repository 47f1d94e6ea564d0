#!/usr/bin/env node
// `npm run suite -- test/unit/core`: some of the tests, without types, lint and browser.
import { ensureReady, runNode } from './lib/setup.mjs';

ensureReady();
process.exitCode = await runNode(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]);
