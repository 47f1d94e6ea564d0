import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { useWideRegisters } from '#engine/wasm/wide-registers';

const program = join('test', 'support', 'findings-program.ts');
const wide = useWideRegisters({});

/** What a process of its own finds in which V8 compiles every kernel with its best compiler before the first call. */
async function found(bits: string, methods: object): Promise<Record<string, Record<string, string>>> {
  const compiler = ['--no-liftoff', '--no-wasm-lazy-compilation', '--disable-warning=ExperimentalWarning'];
  if (bits === '256') compiler.push('--experimental-wasm-revectorize'); // for the module of tfjs too, which loads first
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...compiler, program, JSON.stringify(methods)],
    {
      env: { ...process.env, CELLPREDX_REGISTERS: bits },
      maxBuffer: 1 << 24,
    },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Record<string, Record<string, string>>;
}

describe('operations on 256 bits', () => {
  const title = wide
    ? 'change no bit of what a run finds'
    : 'are not built into this Node: what they change is not tried';
  test.runIf(wide)(title, { timeout: 300_000 }, async () => {
    const methods = {
      cellpredx: { steps: 20 },
      'cda-sc': { maxSteps: 20 },
      semilt: { epochs: 1, leastSteps: 10 },
      'linear-svm': {},
    };
    const narrow = await found('128', methods);
    expect(Object.keys(narrow)).toEqual(Object.keys(methods));
    for (const one of Object.values(narrow)) expect(Object.keys(one)).toContain('query/probabilities');
    expect(await found('256', methods)).toEqual(narrow);
  });

  test('are left off where the environment says so', () => {
    expect(useWideRegisters({ CELLPREDX_REGISTERS: '128' })).toBe(false);
  });

  test.each(['512', '', 'wide'])('a width of "%s" is refused with what may be said', (bits) => {
    expect(() => useWideRegisters({ CELLPREDX_REGISTERS: bits })).toThrow(/may be 128 or 256/);
  });
});
