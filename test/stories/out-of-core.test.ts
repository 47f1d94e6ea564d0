import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { isInMemory, type RowStore, storedIn } from '#core/data/sparse-rows';
import { AnnotationRequest } from '#contract/annotation-request';
import { type FinishedRun, runAnnotation } from '#compute/run-annotation';
import type { RunHooks } from '#compute/run-hooks';
import { RowFiles } from '#store/row-store';
import { findings, quietHooks as hooks } from '#test/support/findings';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

const sample = (name: string): { path: string } => ({ path: join('resources', 'sample-study', name) });
const request = AnnotationRequest.parse({
  reference: [sample('reference.h5ad')],
  query: [sample('query.h5ad')],
  label: 'cell_type',
  truth: 'true_label',
  seed: 5,
  settings: { steps: 40 },
  figures: false,
});

/** The run with both studies on disk. */
async function outOfCore(given: AnnotationRequest, more: Partial<RunHooks> = {}): Promise<FinishedRun> {
  await using rows = new RowFiles(newFolder(), { valuesInMemory: 0 });
  return await runAnnotation(given, hooks({ rows, ...more }));
}

describe('a run whose studies do not fit into memory', () => {
  let inMemory: FinishedRun;
  beforeAll(async () => {
    inMemory = await runAnnotation(request, hooks());
  });

  test('reads, prepares, trains and predicts from disk, and finds what a run in memory finds', async () => {
    const found = await outOfCore(request);
    expect(isInMemory(inMemory.query.matrix)).toBe(true);
    expect([isInMemory(found.query.matrix), isInMemory(found.outcome.pair.query.input)]).toEqual([false, false]);
    expect(isInMemory(found.outcome.pair.reference.counts)).toBe(false);
    for (const side of ['reference', 'query'] as const)
      expect(found.outcome.pair[side].input).toHaveProperty('records', expect.anything());
    expect(findings(found)).toEqual(findings(inMemory));
  });

  test('whose disk has room for the counts and not for the prepared rows finds the same', async () => {
    const { reference, query } = inMemory.outcome.pair;
    const counts = Math.min(storedIn(reference.counts), storedIn(query.counts));
    await using rows = new RowFiles(newFolder(), { valuesInMemory: 0, room: () => 8 * counts });
    const found = await runAnnotation(request, hooks({ rows }));
    for (const side of ['reference', 'query'] as const)
      expect(found.outcome.pair[side].input).not.toHaveProperty('records');
    expect(findings(found)).toEqual(findings(inMemory));
  });

  test('with features chosen and scaled input finds the same', async () => {
    const given = { ...request, settings: { steps: 20, topFeatures: 600, transform: 'lognorm-scaled' } };
    expect(findings(await outOfCore(given))).toEqual(findings(await runAnnotation(given, hooks())));
  });

  test.each(['read', 'prepare', 'predict'] as const)(
    'ends when it is cancelled at "%s", and leaves nothing on the disk',
    async (at) => {
      const folder = newFolder();
      const controller = new AbortController();
      await using rows = new RowFiles(folder, { valuesInMemory: 0 });
      const run = runAnnotation(
        request,
        hooks({
          rows,
          signal: controller.signal,
          stage: (stage) => {
            if (stage === at) controller.abort();
          },
        }),
      );
      await expect(run).rejects.toBeInstanceOf(Cancelled);
      await rows.close();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test('of several files goes to disk when they are too many together', async () => {
    const told: number[] = [];
    const files = new RowFiles(newFolder(), { valuesInMemory: 200_000 });
    await using rows: RowStore & AsyncDisposable = {
      valuesInMemory: files.valuesInMemory,
      keep: (pieces, shape, signal) => {
        told.push(shape.columns);
        return files.keep(pieces, shape, signal);
      },
      [Symbol.asyncDispose]: () => files.close(),
    };
    const twice = { ...request, query: [...request.query, ...request.query] };
    const found = await runAnnotation(twice, hooks({ rows }));
    expect(told.length).toBeGreaterThan(0);
    expect(found.outcome.transfer.query.cells).toHaveLength(2 * inMemory.outcome.transfer.query.cells.length);
  });
});
