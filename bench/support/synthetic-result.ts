import { join } from 'node:path';
import { Random } from '#core/base/random';
import type { StoredRows } from '#core/data/sparse-rows';
import { KEPT } from '#core/interpret/strongest-per-cell';
import { AnnotationRequest } from '#contract/annotation-request';
import { byFeature } from '#compute/by-feature';
import { whyName } from '#compute/explorer-arrays';
import { createProject } from '#store/project';

const labels = Array.from({ length: 20 }, (_, label) => `Label ${String(label + 1).padStart(2, '0')}`);
const features = Array.from({ length: 1000 }, (_, feature) => `GENE${String(feature + 1).padStart(4, '0')}`);
const referenceCells = 2000;
const width = 8;
const perBlock = 10_000;

/**
 * A project with one finished run of so many query cells: a cloud per label on the map, 1000 features of which each cell has
 * `perCell`, and 50 determinant features per label. Seeded; nothing is trained.
 */
export async function syntheticResult(
  folder: string,
  { cells, perCell, seed }: { readonly cells: number; readonly perCell: number; readonly seed: number },
): Promise<{ readonly projectPath: string; readonly runId: string }> {
  const random = Random.forPurpose(seed, 'synthetic result');
  const predicted = Int32Array.from({ length: cells }, () => random.below(labels.length));
  const confidence = Float32Array.from({ length: cells }, () => 1 - random.uniform() ** 3);
  const layout = new Float32Array(2 * (referenceCells + cells));
  const referenceLabel = Int32Array.from({ length: referenceCells }, () => random.below(labels.length));
  for (let cell = 0; cell < referenceCells + cells; cell++) {
    const label = cell < referenceCells ? referenceLabel[cell]! : predicted[cell - referenceCells]!;
    layout[2 * cell] = 8 * Math.cos(label * 2.4) * (1 + (label % 3) / 2) + random.normal();
    layout[2 * cell + 1] = 8 * Math.sin(label * 2.4) * (1 + (label % 3) / 2) + random.normal();
  }
  const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
  const probabilities = new Float32Array(cells * labels.length).fill(0.01);
  predicted.forEach((label, cell) => (probabilities[cell * labels.length + label] = 0.81));

  const project = createProject(join(folder, `Synthetic ${cells}.cpx`));
  const request = AnnotationRequest.parse({
    reference: [{ path: 'r.h5ad' }],
    query: [{ path: 'q.h5ad' }],
    label: 'label',
  });
  const runId = project.addRun({ request, seed });
  const attempt = project.beginAttempt(runId);
  const turned = await byFeature(syntheticRows(cells, perCell, predicted, seed));
  const why = { dtype: 'float32' as const, shape: [cells, KEPT, 2], pieces: () => strongestPieces(cells, seed) };
  const staged = await project.stageArrays({ ...turned.arrays, [whyName]: why });
  turned.close();
  project.finishRun(runId, attempt, {
    documents: {
      summary: summaryOf(cells, seed),
      cells: {
        reference: Array.from({ length: referenceCells }, (_, cell) => `reference-${cell + 1}`),
        query: Array.from({ length: cells }, (_, cell) => `cell-${cell + 1}`),
        labels,
      },
      truth: null,
      emptyCells: [],
      markers: labels.flatMap((label, i) =>
        Array.from({ length: 50 }, (_, rank) => ({
          label,
          rank: rank + 1,
          feature: features[i * 50 + rank]!,
          cells: 100,
          fraction: 1 - rank / 60,
          meanAttribution: 0.3 / (rank + 1),
          logFoldChange: 2 - rank / 30,
          detectionRate: 0.8,
        })),
      ),
      figures: [],
      notes: [],
      trainedFeatures: features,
      explorers: { features, trained: features.map((_, place) => place), missing: null },
    },
    arrays: {
      'query/predicted': { shape: [cells], values: predicted },
      'query/confidence': { shape: [cells], values: confidence },
      'query/probabilities': { shape: [cells, labels.length], values: probabilities },
      'query/embedding': { shape: [cells, width], values: numbers(cells * width) },
      'reference/embedding': { shape: [referenceCells, width], values: numbers(referenceCells * width) },
      'reference/label': { shape: [referenceCells], values: referenceLabel },
      'layout/umap': { shape: [referenceCells + cells, 2], values: layout },
    },
    staged,
    stages: [],
  });
  project.close();
  return { projectPath: project.path, runId };
}

/** Counts in blocks, made when they are read: the features of a cell's own label come more often. */
function syntheticRows(cells: number, perCell: number, predicted: Int32Array, seed: number): StoredRows {
  const columns = features.length;
  return {
    rows: cells,
    columns,
    stored: cells * perCell,
    take: () => Promise.reject(new Error('syntheticRows: only read in order')),
    async *blocks() {
      for (let from = 0; from < cells; from += perBlock) {
        const random = Random.forPurpose(seed + from, 'synthetic counts');
        const rows = Math.min(perBlock, cells - from);
        const indptr = Float64Array.from({ length: rows + 1 }, (_, row) => row * perCell);
        const indices = new Uint32Array(rows * perCell);
        const values = new Float32Array(rows * perCell);
        for (let row = 0; row < rows; row++) {
          const own = 50 * predicted[from + row]!;
          const step = columns / perCell;
          for (let i = 0; i < perCell; i++) {
            const at = row * perCell + i;
            indices[at] = Math.floor(i * step + random.uniform() * step);
            values[at] = 1 + random.below(indices[at] >= own && indices[at] < own + 50 ? 30 : 4);
          }
        }
        await Promise.resolve();
        yield { from, matrix: { rows, columns, indptr, indices, values } };
      }
    },
  };
}

function* strongestPieces(cells: number, seed: number): Generator<Float32Array, void, void> {
  const random = Random.forPurpose(seed, 'synthetic attributions');
  for (let from = 0; from < cells; from += perBlock) {
    const piece = new Float32Array(Math.min(perBlock, cells - from) * KEPT * 2);
    for (let pair = 0; pair < piece.length / 2; pair++) {
      piece[2 * pair] = random.below(features.length);
      piece[2 * pair + 1] = pair % KEPT < KEPT - 8 ? random.uniform() / 20 : -random.uniform() / 40;
    }
    yield piece;
  }
}

function summaryOf(cells: number, seed: number): object {
  return {
    version: '0.1.0',
    scenario: 'rna-rna',
    scenario_reason: 'synthetic',
    method: 'cellpredx',
    preset: 'recommended',
    settings: {},
    seed,
    engine: 'none',
    threshold: 0.5,
    inputs: [],
    cells: { reference: referenceCells, query: cells },
    features: features.length,
    label_counts: { predicted: {}, shown: {} },
    metrics: null,
    timings: {},
    peak_rss_bytes: 0,
    steps: 0,
    ended: 'all-steps',
    notes: [],
  };
}
