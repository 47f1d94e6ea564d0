import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import type { GeneSetLibrary } from '#core/data/gene-sets';
import type { StudyInMemory } from '#core/data/study';
import { labelWithModel } from '#core/label-with-model';
import { methodById, methods, resolveSettings } from '#core/methods/list';
import { annotate, type PipelineOutcome, type PipelineServices } from '#core/pipeline';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { AnnotationRequest } from '#contract/annotation-request';
import { modelCardOf } from '#compute/model-card-of';
import { encodeModel, type ModelFile, readModelFile } from '#store/model-file';
import { useEngine } from '#test/support/tensor-engines';
import { temporaryFolders } from '#test/support/temporary-folder';
import {
  geneNames,
  studyOf,
  type StudyParts,
  textColumn,
  typedCounts,
  typedLabels,
} from '../core/prepare/small-study.ts';

useEngine('wasm');

const newFolder = temporaryFolders();
const GENES = 150;

const reference = studyOf({
  ...{ name: 'reference.h5ad', dense: typedCounts(90, GENES, 3, 1), genes: geneNames(GENES) },
  columns: { cell_type: textColumn(typedLabels(90, 3)) },
});
const queryOf = (parts: Partial<StudyParts> = {}): StudyInMemory =>
  studyOf({
    ...{ name: 'query.h5ad', dense: typedCounts(60, GENES, 3, 2), genes: geneNames(GENES) },
    columns: { truth: textColumn(typedLabels(60, 3)) },
    ...parts,
  });

/** The genes that each type raises, in two sets each. */
const geneSets: GeneSetLibrary = {
  name: 'planted.gmt',
  sets: Array.from({ length: 6 }, (_, set) => ({
    name: `set ${set}`,
    genes: geneNames(GENES).filter((_name, gene) => gene % 3 === set % 3 && gene < GENES / 2 === set < 3),
  })),
};

/** What makes a training short; nothing where it is short already. */
const short: Readonly<Record<string, object>> = {
  cellpredx: { steps: 30 },
  'cda-sc': { maxSteps: 20, batchSize: 32, passes: 50, hiddenWidth: 32, middleWidth: 24, embeddingWidth: 16 },
  semilt: { epochs: 1, leastSteps: 20, batchSize: 32, embeddingWidth: 16 },
  kida: { width: 16, batchSize: 32, maxTeacherSteps: 12, maxStudentSteps: 8, geneChoice: 'all' },
};

const services: PipelineServices = {
  neighbours: exactNeighbours,
  layout: { umap: unwanted, tsne: unwanted, close: () => Promise.resolve() },
  hooks: {
    signal: new AbortController().signal,
    stage: () => undefined,
    step: () => undefined,
    checkpoints: undefined,
  },
  breathe: () => Promise.resolve(),
};

function unwanted(): never {
  throw new Error('a layout was asked for');
}

/** A run, and its model as it comes back from its file. */
async function trained(
  id: string,
  query = queryOf(),
  changes: object = {},
): Promise<{ run: PipelineOutcome; file: ModelFile }> {
  const method = methodById(id);
  const settings = resolveSettings(method, 'rna-rna', 'recommended', { ...short[id], ...changes });
  const run = await annotate(
    {
      ...{ reference, query, label: 'cell_type', truthColumn: 'truth', scenario: 'rna-rna' },
      ...{ method, settings, seed: 7, threshold: 0.5, layout: false },
      ...(method.geneSets === true ? { geneSets } : {}),
    },
    services,
  );
  const request = AnnotationRequest.parse({
    ...{ reference: [{ path: 'r' }], query: [{ path: 'q' }], label: 'cell_type', method: id, seed: 7, threshold: 0.5 },
  });
  const card = modelCardOf({ request, scenario: 'rna-rna', method, inputs: [], reference, query, outcome: run });
  const path = join(newFolder(), 'model.cpxmodel');
  writeFileSync(path, Buffer.concat([...encodeModel({ card, model: run.model.save() })]));
  return { run, file: await readModelFile(path) };
}

function labelled({ card, model }: ModelFile, query = queryOf()): ReturnType<typeof labelWithModel> {
  const restored = methodById(card.method).restore(model);
  return labelWithModel({ model: restored, card, query, truthColumn: 'truth', threshold: 0.5 }, services);
}

describe('a model from its file', () => {
  test.each(methods.map(({ id }) => id))(
    'of %s gives the query of its run the same bits, scores and features',
    async (id) => {
      const { run, file } = await trained(id);
      const again = await labelled(file);
      expect(again.transfer.labels).toEqual(run.transfer.labels);
      expect(again.transfer.query).toEqual(run.transfer.query);
      expect(again.markers).toEqual(run.markers);
      expect(again.patterns).toEqual(run.patterns);
      expect(again.assessment!.closed).toEqual(run.assessment!.closed);
      expect(again.missing).toBe(0);
    },
  );

  test('labels a query that it has not seen far above chance, also without a fifth of its features', async () => {
    const { file } = await trained('linear-svm');
    const kept = geneNames(GENES).filter((_, i) => i % 5 !== 0);
    const dense = typedCounts(60, GENES, 3, 99).map((row) => row.filter((_, i) => i % 5 !== 0));
    const fresh = await labelled(file, queryOf({ name: 'fresh.h5ad', genes: kept, dense }));
    expect(fresh.assessment!.closed.accuracy).toBeGreaterThan(0.8); // chance is a third
    expect(fresh.missing).toBe(30);
    expect(fresh.notes.map(({ text }) => text)).toContain(
      '30 of the 150 features of the model are missing in fresh.h5ad and count as zero.',
    );
  });

  test('smooths labels among the neighbours where its run did', async () => {
    const { run, file } = await trained('cellpredx', queryOf(), { smoothing: true });
    expect(file.card.results.smoothing).toBe(true);
    expect((await labelled(file)).transfer.query).toEqual(run.transfer.query);
  });

  test('finds its features by their ids where the names of the query are others', async () => {
    const ids = geneNames(GENES).map((_, i) => `ENSG${String(i).padStart(11, '0')}`);
    const { run, file } = await trained('nearest-centroid');
    const card = { ...file.card, featureIds: ids };
    const again = await labelled({ ...file, card }, queryOf({ genes: ids, idType: 'ensembl' }));
    expect(again.transfer.query.probabilities).toEqual(run.transfer.query.probabilities);
  });

  test('is refused where card and model do not fit, the truth is not there, or the method is not known', async () => {
    const { file } = await trained('majority');
    const short = { ...file, card: { ...file.card, featureIds: ['GENE0'] } };
    await expect(labelled(short)).rejects.toMatchObject({ code: 'training.model-unreadable' });
    await expect(labelled(file, queryOf({ columns: {} }))).rejects.toMatchObject({ code: 'command.no-such-column' });
    expect(() => methodById('scFuture')).toThrow(AppError);
  });

  test('names the files that it was trained on without their folders', async () => {
    const { run } = await trained('majority');
    const request = AnnotationRequest.parse({ reference: [{ path: 'r' }], query: [{ path: 'q' }], label: 'cell_type' });
    const inputs = [{ role: 'reference', path: '/data/secret project/r.h5ad', bytes: 1, sha256: 'ab' } as const];
    const method = methodById('majority');
    const query = queryOf();
    const card = modelCardOf({ request, scenario: 'rna-rna', method, inputs, reference, query, outcome: run });
    expect(card.inputs).toEqual([{ role: 'reference', name: 'r.h5ad', sha256: 'ab' }]);
    expect(JSON.stringify(card)).not.toContain('secret');
  });
});
