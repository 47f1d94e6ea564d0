import { expect, test } from 'vitest';
import type { AlignedPair } from '#core/data/aligned-pair';
import { linearSvm } from '#core/methods/simple/linear-svm';
import { logisticRegression } from '#core/methods/simple/logistic-regression';
import { nearestCentroid } from '#core/methods/simple/nearest-centroid';
import { nearestNeighbours } from '#core/methods/simple/nearest-neighbours';
import { scale } from '#core/prepare/scale';
import type { Method, TrainedModel } from '#core/train/method';
import { csrOf } from '#test/support/arbitrary-matrix';
import { expectClose, golden } from '#test/support/golden';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const file = golden<{
  counts: number[][];
  query_counts: number[][];
  label: number[];
  penalty: number;
  components: number;
  neighbours: number;
  logistic_probabilities: number[][];
  margins: number[][];
  correlations: number[][];
  component_sizes: number[][];
  votes: number[][];
}>('simple-methods');

async function side(rows: number[][], stem: string) {
  const counts = csrOf(rows);
  const { sparse, shift } = await scale(counts, 10);
  return { cells: rows.map((_, i) => `${stem}${i}`), counts, input: sparse, shift: Float32Array.from(shift) };
}

const pair: AlignedPair = {
  scenario: 'rna-rna',
  features: file.counts[0]!.map((_, j) => `gene${j}`),
  labels: ['a', 'b', 'c'],
  reference: { ...(await side(file.counts, 'r')), label: Int32Array.from(file.label) },
  query: { ...(await side(file.query_counts, 'q')), neighbours: { k: 0, indices: new Int32Array(0) } },
  notes: [],
};

async function applied<S>(method: Method<S>, changes: object): ReturnType<TrainedModel['apply']> {
  const settings = method.settings.parse(changes);
  const model = await method.train(pair, settings, { seed: 1, report: () => undefined });
  return model.apply(pair.query);
}

test('logistic regression gives the probabilities of scikit-learn', async () => {
  const { probabilities } = await applied(logisticRegression, { penalty: file.penalty });
  expectClose(probabilities, file.logistic_probabilities, 'probabilities', 1e-3);
});

test('the linear support vector machine gives the margins of LIBLINEAR in scikit-learn', async () => {
  const { scores } = await applied(linearSvm, { penalty: file.penalty });
  expectClose(scores!, file.margins, 'margins', 1e-3);
});

test('nearest centroid gives the correlations of numpy', async () => {
  const { scores } = await applied(nearestCentroid, {});
  expectClose(scores!, file.correlations);
});

test('nearest neighbours give the components and votes of scikit-learn', async () => {
  const { components, neighbours } = file;
  const { embedding, probabilities } = await applied(nearestNeighbours, { components, neighbours });
  expectClose(embedding.map(Math.abs), file.component_sizes, 'components', 2e-3);
  expectClose(probabilities, file.votes);
  expect(new Set(probabilities).size).toBeGreaterThan(3);
});
