#!/usr/bin/env node
// `npm run suite -- test/unit/core`: some of the tests, without types, lint and browser.
import { ensurePackages, runNode } from './lib/setup.mjs';

ensurePackages();
process.exitCode = await runNode(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]);
