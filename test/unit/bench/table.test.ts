import { afterEach, describe, expect, test, vi } from 'vitest';
import { enginesAndThreads } from '../../../bench/support/engines.ts';
import { aligned, machine, median, numbersOf, readable } from '../../../bench/support/table.ts';

afterEach(() => vi.unstubAllEnvs());

describe('tables of the benchmarks', () => {
  test('numbers stand to the right, texts to the left, a dash for what was not measured', () => {
    const table = aligned(
      ['engine', 'ms', 'peak'],
      [
        ['wasm', 12.345, null],
        ['by hand', 1200, 3],
      ],
    );
    expect(table.split('\n')).toEqual(['engine      ms   peak', 'wasm      12.3      –', 'by hand   1200      3']);
  });

  test('a table without rows is its first line', () => {
    expect(aligned(['a', 'b'], [])).toBe('a   b');
  });

  test.each([
    [0, '0'],
    [7, '7'],
    [0.001234, '0.00123'],
    [0.0626, '0.0626'],
    [1.2345, '1.23'],
    [12.345, '12.3'],
    [123.45, '123'],
    [99.97, '100'],
    [-12345.6, '-12346'],
    [-0.5, '-0.500'],
    [Infinity, 'Infinity'],
  ])('%d is printed as %s', (value, text) => {
    expect(readable(value)).toBe(text);
  });

  test('the machine is told with its cores, system and Node', () => {
    expect(machine()).toMatch(/^\d+ cores, .+, \d+ GiB, \w+ \w+, Node v\d+/);
  });

  test('the median of an even count is the higher of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(3);
  });
});

describe('options of the benchmarks', () => {
  test('numbers come from the environment, separated by spaces or commas, else from the default', () => {
    expect(numbersOf('BENCH_SIZES', [5])).toEqual([5]);
    vi.stubEnv('BENCH_SIZES', '10, 20 0.5');
    expect(numbersOf('BENCH_SIZES', [5])).toEqual([10, 20, 0.5]);
  });

  test.each(['ten', '-1', '0'])('%s is refused by name', (text) => {
    vi.stubEnv('BENCH_SIZES', text);
    expect(() => numbersOf('BENCH_SIZES', [5])).toThrow(`BENCH_SIZES=${text}`);
  });

  test('WebAssembly runs once for each number of threads, a graphics card once', () => {
    vi.stubEnv('ENGINES', 'wasm webgpu');
    vi.stubEnv('THREADS', '1 2');
    expect(enginesAndThreads()).toEqual([
      { engine: 'wasm', threads: 1 },
      { engine: 'wasm', threads: 2 },
      { engine: 'webgpu' },
    ]);
    vi.stubEnv('ENGINES', 'abacus');
    expect(() => enginesAndThreads()).toThrow('ENGINES=abacus: there are wasm');
  });
});
