#!/usr/bin/env node
// `npm test`: types, lint, format, every suite, and the stories in a real browser; ends with one line of counts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser, ensureReady, node24, root } from './lib/setup.mjs';

ensureReady();
const reports = join(root, 'test-results');
mkdirSync(reports, { recursive: true });
const count = { passed: 0, failed: 0, skipped: 0 };

check('types of the core', ['node_modules/typescript/bin/tsc', '-p', 'src-main/core']);
check('types', ['node_modules/typescript/bin/tsc', '-p', '.']);
check('types of the window', [
  'node_modules/svelte-check/bin/svelte-check',
  '--tsconfig',
  'src-renderer/tsconfig.json',
  '--fail-on-warnings',
  '--output',
  'human',
]);
check('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']);
check('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']);
const browser = ensureBrowser(); // the suites too use a part of it: its software graphics card
suites();
check('build', ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn']);
stories();

process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
process.exitCode = count.failed === 0 ? 0 : 1;

/** One command that passes or fails as a whole. */
function check(title, args) {
  const started = Date.now();
  const done = run(args);
  count[done ? 'passed' : 'failed']++;
  process.stdout.write(`${done ? '✓' : '✗'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
}

/** Vitest: all suites that need no browser. */
function suites() {
  const file = join(reports, 'vitest.json');
  rmSync(file, { force: true });
  const done = run([
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  if (report === null || (!done && report.numFailedTests === 0)) count.failed++;
  if (report === null) return;
  count.passed += report.numPassedTests;
  count.failed += report.numFailedTests;
  count.skipped += report.numPendingTests + report.numTodoTests;
}

/** Playwright: the user's stories in a real browser; skipped aloud where no browser can be had. */
function stories() {
  if (browser === null) {
    process.stdout.write(
      '- stories in a browser: skipped, no Chrome, Chromium or Edge here and none could be fetched (set CHROME_PATH)\n',
    );
    count.skipped++;
    return;
  }
  const file = join(reports, 'playwright.json');
  rmSync(file, { force: true });
  const done = run(['node_modules/@playwright/test/cli.js', 'test', '--reporter=line,json'], {
    CHROME_PATH: browser,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const stats = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).stats : null;
  if (stats === null || (!done && stats.unexpected === 0)) count.failed++;
  if (stats === null) return;
  count.passed += stats.expected;
  count.failed += stats.unexpected + stats.flaky;
  count.skipped += stats.skipped;
}

function run(args, env = {}) {
  const done = spawnSync(node24, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  return done.status === 0;
}
