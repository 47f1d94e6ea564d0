import { expect, test } from 'vitest';
import { KeptResults } from '../../../bench/ablation/kept-results.ts';
import type { MeasureName } from '../../../bench/ablation/measures.ts';
import { type AblationRow, type At, type Verdict, verdictOf, worse } from '../../../bench/ablation/row.ts';
import { numbersOfSeed } from '../../../bench/ablation/run-row.ts';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

/**
 * The directions of the ablation suite that stand far above chance, on smaller studies. Each is looked at twice: with the term as it is,
 * and with the term broken, where it must not hold; a test that held there could not fail.
 */
const small: Omit<AblationRow, 'id' | 'variants' | 'checks'> = {
  method: 'cellpredx',
  title: 'a term',
  twist: 'small studies',
  scenario: 'rna-atac',
  simulation: { genes: 300, peaks: 300, referenceCells: 300, queryCells: 300, peakSignal: 2 },
  settings: {
    transform: 'binarise',
    steps: 120,
    batchSize: 100,
    contrastiveWeight: 0.4,
    temperature: 0.4,
    sparseCentreWeight: 0.05,
    calibration: false,
  },
};
const seeds = [11, 12, 13];

async function verdicts(
  row: Pick<AblationRow, 'variants'> & Partial<AblationRow>,
  higher: Partial<Record<MeasureName, boolean>>,
): Promise<Record<string, Verdict>> {
  const whole: AblationRow = { ...small, id: 'test', checks: [], ...row };
  const numbers: At[] = [];
  for (const seed of seeds) numbers.push(await numbersOfSeed(whole, seed, new KeptResults(null)));
  const measures = Object.entries(higher) as [MeasureName, boolean][];
  return Object.fromEntries(
    measures.map(([measure, up]) => [measure, verdictOf(worse(measure, { higher: up }), numbers)]),
  );
}

test('without the contrastive term labels, novelty and neighbourhoods get worse; with wrong neighbours they do not', async () => {
  const without = { changed: { settings: { contrastiveWeight: 0 } } };
  const measures = { accuracy: false, 'AUROC of novel': false, 'neighbour purity': false };
  const found = await verdicts({ variants: without }, measures);
  for (const verdict of Object.values(found)) expect(verdict.signs).toBe('−−−');
  expect(found['accuracy']!.difference).toBeLessThan(-0.05);

  const broken = await verdicts(
    { variants: without, simulation: { ...small.simulation, shuffledPeaks: true } },
    measures,
  );
  for (const verdict of Object.values(broken)) expect(verdict.holds).toBe(false);
}, 300_000);

test('a large alignment weight without negatives makes labels collapse; with them on both sides nothing differs', async () => {
  const settings = { ...small.settings, alignmentWeight: 1, alignmentNegatives: true };
  const found = await verdicts(
    { settings, variants: { changed: { settings: { alignmentNegatives: false } } } },
    { accuracy: false },
  );
  expect(found['accuracy']!.signs).toBe('−−−');
  const broken = await verdicts(
    { settings, variants: { changed: { settings: { alignmentNegatives: true } } } },
    { accuracy: false },
  );
  expect(broken['accuracy']!).toMatchObject({ signs: '000', holds: false });
}, 300_000);

test('without the classification nothing ties the embedding to the labels', async () => {
  const found = await verdicts(
    { variants: { changed: { settings: { classificationWeight: 0 } } } },
    { accuracy: false, 'silhouette of labels': false },
  );
  for (const verdict of Object.values(found)) expect(verdict.signs).toBe('−−−');
  expect(found['accuracy']!.changed).toBeLessThan(0.35); // the most frequent label holds 27 %
}, 300_000);
