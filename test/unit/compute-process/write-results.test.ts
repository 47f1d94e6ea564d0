import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import type { RunRecord } from '#compute/run-record';
import { checkResultsFolder } from '#compute/results-folder';
import { writeResults } from '#compute/write-results';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cpx-results-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Two cells with one label and no figures. */
const run = {
  summary: { threshold: 0.5, inputs: [] },
  documents: { cells: { reference: [], query: ['q1', 'q2'], labels: ['B'] }, emptyCells: [], markers: [], figures: [] },
  arrays: {
    'query/predicted': { shape: [2], values: Int32Array.of(0, 0) },
    'query/confidence': { shape: [2], values: Float32Array.of(1, 1) },
    'query/probabilities': { shape: [2, 1], values: Float32Array.of(1, 1) },
    'query/embedding': { shape: [2, 1], values: Float32Array.of(1, 2) },
  },
} as unknown as RunRecord;

/** The folder as a run with figures and an annotated copy left it. */
function earlierRun(): void {
  mkdirSync(join(folder, 'figures'));
  for (const name of ['figures/confusion.svg', 'figures/umap-true-label.svg', 'query.annotated.h5ad', 'labels.csv']) {
    writeFileSync(join(folder, name), 'earlier');
  }
}

describe('a results folder', () => {
  test('loses the files of the earlier run that the new one does not have', async () => {
    earlierRun();
    await writeResults(run, { directory: folder, query: null, source: null });
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'README.txt',
      'embedding.csv.gz',
      'figures',
      'labels.csv',
      'markers.csv',
      'probabilities.csv.gz',
      'summary.json',
    ]);
  });

  test('tells in its README what each file holds that is there, and none that is not', async () => {
    const written = await writeResults(run, { directory: folder, query: null, source: null });
    const readme = readFileSync(join(folder, 'README.txt'), 'utf8');
    for (const file of ['labels.csv', 'probabilities.csv.gz', 'embedding.csv.gz', 'markers.csv', 'summary.json'])
      expect(readme).toContain(`\n${file}\n`);
    expect(readme).not.toContain('\nquery.annotated.h5ad\n');
    const read = [...readme.matchAll(/[\w.]+\.csv(\.gz)?/g)].map(([name]) => name);
    for (const name of read.filter((found) => found !== 'read.csv')) expect(written).toContain(join(folder, name));
  });

  test('holds no half of a run when the writing is cancelled', async () => {
    const stop = new AbortController();
    const stopped = writeResults(run, { directory: folder, query: null, source: null, signal: stop.signal });
    stop.abort();
    await expect(stopped).rejects.toThrow(Cancelled);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('keeps the earlier run when a new one is cancelled or cannot be written', async () => {
    earlierRun();
    const before = readdirSync(folder, { recursive: true }).sort();
    const stop = new AbortController();
    const stopped = writeResults(run, { directory: folder, query: null, source: null, signal: stop.signal });
    stop.abort();
    await expect(stopped).rejects.toThrow(Cancelled);
    const broken = { ...run, documents: { ...run.documents, markers: null } } as unknown as typeof run;
    await expect(writeResults(broken, { directory: folder, query: null, source: null })).rejects.toThrow(TypeError);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  });

  test('clears what a killed writing left behind', async () => {
    mkdirSync(join(folder, '.cellpredx-4711.part', 'figures'), { recursive: true });
    await checkResultsFolder(folder, []);
    await writeResults(run, { directory: folder, query: null, source: null });
    expect(readdirSync(folder)).not.toContain('.cellpredx-4711.part');
  });

  test.each(['thesis.docx', 'figures/mine.svg', 'figures/notes.txt'])('is refused where it holds %s', async (mine) => {
    earlierRun();
    writeFileSync(join(folder, mine), 'mine');
    await expect(checkResultsFolder(folder, [])).rejects.toMatchObject({
      code: 'command.out-holds-other-files',
      details: { path: folder, example: mine },
    });
  });

  test('is refused where a file that the run reads lies in it, by whatever way it is named', async () => {
    earlierRun();
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    try {
      const input = join(folder, 'query.annotated.h5ad');
      await expect(checkResultsFolder(link, [input])).rejects.toMatchObject({ code: 'command.out-holds-an-input' });
      const labels = { role: 'query', path: join(link, 'labels.csv'), bytes: 7, sha256: '' } as const;
      const again: RunRecord = { ...run, summary: { ...run.summary, inputs: [labels] } };
      await expect(writeResults(again, { directory: folder, query: null, source: null })).rejects.toMatchObject({
        code: 'command.out-holds-an-input',
      });
      expect(readdirSync(join(folder, 'figures'))).toHaveLength(2);
      await checkResultsFolder(folder, [join(folder, '..', 'elsewhere.h5ad')]);
    } finally {
      rmSync(link);
    }
  });
});
