import { expect, test } from 'vitest';
import { exitError } from '#jobs/exit-error';

const exit = { code: null, signal: null, log: '', startError: null };

test('an exit for want of memory quotes what was printed', () => {
  const log =
    'step 4\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack -----';
  const error = exitError({ ...exit, signal: 'SIGABRT', log }, 'node');
  expect(error.code).toBe('project.run-out-of-memory');
  expect(error.message).toContain(
    '(FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory)',
  );
});

test('a kill from outside names the signal and the usual reason', () => {
  const error = exitError({ ...exit, signal: 'SIGKILL' }, 'node');
  expect(error.code).toBe('project.run-killed');
  expect(error.message).toMatch(/SIGKILL.*memory runs out/);
});

test('a crash names how it ended and the message of the error, not its stack', () => {
  const log =
    "/x/y.ts:3\n  throw new TypeError('w');\n  ^\n\nTypeError: w is not a matrix\n    at f (/x/y.ts:3:9)\n\nNode.js v24.0.0\n";
  const error = exitError({ ...exit, code: 1, log }, 'node');
  expect(error.message).toBe(
    "The run's process ended by itself (exit code 1); its last words: TypeError: w is not a matrix.",
  );
});

test('a crash without a word says how it ended', () => {
  const error = exitError({ ...exit, signal: 'SIGSEGV' }, 'node');
  expect(error).toMatchObject({ code: 'project.run-crashed', message: "The run's process ended by itself (SIGSEGV)." });
});

test('a program that could not be started is named', () => {
  const error = exitError({ ...exit, startError: new Error('spawn ENOENT') }, '/opt/node');
  expect(error.message).toContain('/opt/node could not be started (spawn ENOENT)');
});
