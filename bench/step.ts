/** Prints CPU milliseconds per CellPredX training step for a small and a large feature space, and where they go. */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { csrBatch } from '#core/train/csr-batch';
import { csrMatMul, csrMatMulWeightGradient } from '#core/train/csr-mat-mul';
import { initialState, stateTensors } from '#core/methods/cellpredx/network';
import { cellPredXSettings } from '#core/methods/cellpredx/settings';
import { objective, type StepBatch, trainingStep } from '#core/methods/cellpredx/training-step';
import { startEngine } from '#engine/start-engine';

const cases = [
  { features: 1677, stored: 105 },
  { features: 17_441, stored: 1500 },
];
const N = 512;
const LABELS = 15;
const STEPS = 10;

console.log((await startEngine('auto')).description);
console.log('features  values/cell   step ms   forward ms   gradient ms   objective ms   optimiser ms   rss MB');
for (const { features, stored } of cases) {
  const random = new Random(1);
  const settings = cellPredXSettings.parse({ steps: 1000, centreStartStep: 0 });
  const matrix = randomMatrix(random, 4 * N, features, stored);
  let state = initialState({ features, labels: LABELS }, settings, 1);

  const stepMs = await median(async (i) => {
    const { state: next, terms, meanAttention } = trainingStep(state, drawn(random, matrix), settings, i + 1);
    tf.dispose(stateTensors(state));
    state = next;
    await terms.data();
    tf.dispose([terms, meanAttention]);
  });
  const { cells } = drawn(random, matrix);
  const forwardMs = await median(async () => tf.dispose(csrMatMul(cells, state.parameters.encoder)));
  const dy: tf.Tensor2D = tf.ones([3 * N, settings.embeddingWidth]);
  const gradientMs = await median(async () => tf.dispose(csrMatMulWeightGradient(cells, dy)));
  const batch = drawn(random, matrix);
  const objectiveMs = await median(async () => tf.tidy(() => void objective(state, batch, settings, 1)));
  const columns = [features, stored, stepMs, forwardMs, gradientMs, objectiveMs, stepMs - objectiveMs];
  columns.push(process.memoryUsage().rss / 2 ** 20);
  console.log(columns.map((value) => value.toFixed(Number.isInteger(value) ? 0 : 1).padStart(10)).join('  '));
  tf.dispose([stateTensors(state), dy]);
}

async function median(work: (i: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const start = process.cpuUsage(); // what the step costs, also on a machine that is busy with other work
    await work(i);
    const used = process.cpuUsage(start);
    times.push((used.user + used.system) / 1000);
  }
  return times.sort((a, b) => a - b)[STEPS >> 1]!;
}

function drawn(random: Random, matrix: CsrMatrix): StepBatch {
  const rows = (): { matrix: CsrMatrix; rows: Int32Array } => ({ matrix, rows: random.sample(matrix.rows, N) });
  return {
    cells: csrBatch([rows(), rows(), rows()]),
    labels: Int32Array.from({ length: N }, () => random.below(LABELS)),
    negatives: Int32Array.from({ length: Math.floor(0.8 * N) }, () => random.below(N)),
  };
}

function randomMatrix(random: Random, rows: number, columns: number, stored: number): CsrMatrix {
  const indices = new Uint32Array(rows * stored);
  for (let row = 0; row < rows; row++) indices.set(random.sample(columns, stored).sort(), row * stored);
  return {
    rows,
    columns,
    indptr: Float64Array.from({ length: rows + 1 }, (_, row) => row * stored),
    indices,
    values: new Float32Array(indices.length).fill(1),
  };
}
