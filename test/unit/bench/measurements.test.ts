import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { storedValues } from '#core/data/csr-matrix';
import { blocksOf, rowsAt } from '#core/data/sparse-rows';
import { readStudy } from '#formats/read-study';
import { interpreterSpeed } from '../../../bench/measure/interpreter.ts';
import { kernelSpeeds } from '../../../bench/measure/kernels.ts';
import { trainingTimes } from '../../../bench/measure/training.ts';
import { peakBytes } from '../../../bench/support/own-process.ts';
import { randomPair } from '../../../bench/support/random-pair.ts';
import { syntheticRows } from '../../../bench/support/synthetic-study.ts';
import { torchRows, type TorchStep, torchVersion } from '../../../bench/support/torch.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const newFolder = temporaryFolders();
/** PYTHON names a python with torch; without one the comparison is skipped. */
const withTorch = 'version' in torchVersion();

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe('what the benchmarks measure', () => {
  test('a training gives the time of its steps', async () => {
    const asked = { engine: 'wasm', genes: 120, density: 0.1, batch: 16, cells: 40, steps: 4 } as const;
    const { ms, medianMs, engine } = await trainingTimes(asked);
    expect(engine).toContain('WebAssembly');
    expect(ms).toBeGreaterThan(0);
    expect(medianMs).toBeGreaterThanOrEqual(ms);
  });

  test('the speed of a kernel counts two operations for each stored value and column', async () => {
    const sizes = { rows: 20, genes: 50, densities: [0.1], widths: [8], repeats: 2 };
    const { speeds } = await kernelSpeeds({ engine: 'wasm', ...sizes });
    expect(speeds).toHaveLength(1);
    expect(speeds[0]!.forwardGflops * speeds[0]!.forwardMs).toBeCloseTo((2 * 20 * 5 * 8) / 1e6, 12);
    expect(speeds[0]!.gradientGflops * speeds[0]!.gradientMs).toBeCloseTo((2 * 20 * 5 * 8) / 1e6, 12);
  });

  test('the interpreter finds features in the cells that it is timed on', async () => {
    const { cellsPerSecond, found } = await interpreterSpeed({ genes: 60, density: 0.2, cells: 50 });
    expect(cellsPerSecond).toBeGreaterThan(0);
    expect(found).toBeGreaterThan(0);
  });

  test('the peak of memory is at least what is held', () => {
    expect(peakBytes()).toBeGreaterThanOrEqual(process.memoryUsage.rss() * 0.9);
  });
});

describe('synthetic studies', () => {
  test('a random pair has rising genes and as many values as asked for in every cell', () => {
    const { reference } = randomPair(3, { genes: 100, density: 0.13, cells: 30, labels: 4 });
    if (!('indptr' in reference.input)) throw new Error('the pair lies in memory');
    const { indptr, indices } = reference.input;
    for (let cell = 0; cell < 30; cell++) {
      const genes = Array.from(indices.subarray(indptr[cell], indptr[cell + 1]));
      expect(genes).toHaveLength(13);
      expect(genes).toEqual([...new Set(genes)].sort((a, b) => a - b));
      expect(genes.at(-1)).toBeLessThan(100);
    }
  });

  test('rows are the same whenever they are asked for, and as dense as asked for', async () => {
    const rows = syntheticRows(1, { cells: 2500, genes: 400, density: 0.05 });
    let stored = 0;
    for await (const { from, matrix } of blocksOf(rows)) {
      stored += storedValues(matrix);
      const own = await rowsAt(rows, [from + 7]);
      const [begin, end] = [matrix.indptr[7]!, matrix.indptr[8]!];
      expect(own.indices).toEqual(matrix.indices.slice(begin, end));
      expect(own.values).toEqual(matrix.values.slice(begin, end));
      expect(Math.min(...matrix.values)).toBe(1);
    }
    expect(stored / (2500 * 400)).toBeCloseTo(0.05, 2);
  });

  test('a study is written once and read as it was drawn', async () => {
    const folder = newFolder();
    vi.stubEnv('SCRATCH', folder);
    vi.resetModules();
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { syntheticStudy } = await import('../../../bench/support/synthetic-study.ts');
    const sizes = { cells: 1100, genes: 150, density: 0.08 };
    const path = await syntheticStudy('query', sizes);
    expect(path).toBe(join(folder, 'query-1100-cells-150-genes-0.08.h5ad'));
    expect(await syntheticStudy('query', sizes)).toBe(path);
    expect(told).toHaveBeenCalledTimes(1);
    told.mockRestore();

    const study = await readStudy({ path, repairs: [] });
    expect(study.matrix).toEqual(
      await rowsAt(
        syntheticRows(2, sizes),
        Array.from({ length: 1100 }, (_, i) => i),
      ),
    );
    expect(study.cells.columns.get('cell_type')).toMatchObject({ kind: 'categories' });
  });
});

describe('the comparison with PyTorch', () => {
  test('a python that cannot be started is named', () => {
    expect(torchVersion('no-such-python')).toEqual({
      absent: expect.stringContaining('no-such-python could not be started'),
    });
  });

  test.skipIf(withTorch)('a python without its packages is told what to install', () => {
    expect(torchVersion()).toEqual({ absent: expect.stringMatching(/pip install torch|could not be started/) });
  });

  test.skipIf(!withTorch)('its ways of a step compute the same loss', () => {
    const sizes = ['--genes', 60, '--density', 0.2, '--batch', 32, '--repeats', 1, '--threads', 1];
    const steps = torchRows<TorchStep & { loss: number }>(...sizes);
    expect(steps.map(({ way }) => way)).toEqual(['dense', 'plain', 'released']);
    expect(steps[0]!.loss).toBeCloseTo(steps[1]!.loss, 5);
    expect(steps[0]!.loss).toBeCloseTo(steps[2]!.loss, 1); // centres stay where they are in the released code
  });
});

test('every benchmark is named with what it measures', () => {
  const done = spawnSync(process.execPath, ['scripts/bench.mjs', '--help'], { encoding: 'utf8' });
  expect(done.status).toBe(0);
  for (const name of ['kernels', 'step', 'interpreter', 'stages', 'memory', 'compare', 'umap', 'pairs', 'kill']) {
    expect(existsSync(join('bench', `${name}.ts`))).toBe(true);
    expect(done.stdout).toMatch(new RegExp(`^${name}\\n {2}\\S.*[\\s\\S]*?npm run bench -- ${name}`, 'm'));
  }
});

test('a benchmark that does not exist is refused with the names of those that do', () => {
  const done = spawnSync(process.execPath, ['scripts/bench.mjs', 'speed'], { encoding: 'utf8' });
  expect(done.status).toBe(2);
  expect(done.stderr).toContain('no benchmark speed');
  expect(done.stderr).toContain('kernels');
});
