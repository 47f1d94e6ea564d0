import { z } from 'zod';
import { transforms } from '../../train/method.ts';

/** What a form shows beside a setting. */
function meta(title: string, group: string, source: string, advanced = true): Record<string, unknown> {
  return { title, group, advanced, source };
}

const weight = () => z.number().min(0).max(100);
const share = () => z.number().min(0).max(1);

/** Every choice in which the paper and the released code of SemiLT differ or that they leave open. A weight of 0 leaves its term out. */
export const semiLTSettings = z.strictObject({
  transform: z
    .enum(transforms)
    .default('binarise')
    .describe(
      'How counts become input: present or absent, log-normalised per cell, log only, log-normalised and scaled per feature, or unchanged.',
    )
    .meta(meta('Input', 'Input', 'released code: binarised; the paper does not say', false)),
  neighbourCosine: z
    .number()
    .min(-1)
    .max(1)
    .default(0.8)
    .describe('Two query cells are neighbours only if their cosine in the untrained space of the query reaches this.')
    .meta(meta('Neighbours from', 'Input', 'released code: 0.8')),

  embeddingWidth: z
    .int()
    .min(2)
    .max(512)
    .default(64)
    .describe('Numbers that describe a cell after training.')
    .meta(meta('Embedding width', 'Network', 'paper: 64')),

  countedLabels: z
    .enum(['batch', 'reference'])
    .default('batch')
    .describe('Whether the labels present in a batch or all labels of the reference set the strength of the terms.')
    .meta(meta('Labels that count', 'Loss terms', 'paper: all of the reference; released code: those in the batch')),
  bounded: z
    .boolean()
    .default(true)
    .describe(
      'Keep the strengths of separation and correlation in range: without it they vanish for five labels or fewer, and many rare labels make training run away.',
    )
    .meta(meta('Bounded strengths', 'Loss terms', 'ours; paper and released code: no')),
  covarianceDivisor: z
    .enum(['code', 'paper'])
    .default('code')
    .describe('Average correlations over pairs of dimensions, or divide by the number of dimensions squared.')
    .meta(meta('Correlation averaged', 'Loss terms', 'released code: d(d−1); paper: d²')),
  separationWeight: weight()
    .default(1)
    .describe('Pushes labels apart, times a strength that grows with rare labels.')
    .meta(meta('Separation', 'Loss terms', 'paper Eq. 6, 11: 1', false)),
  neighbourWeight: weight()
    .default(1)
    .describe('Keeps a query cell near the cells that are near it in its own, untrained space.')
    .meta(meta('Neighbourhoods', 'Loss terms', 'paper Eq. 7: 1', false)),
  highAnchorWeight: weight()
    .default(1)
    .describe('Draws a query cell to the reference cell that is its mutual nearest neighbour.')
    .meta(meta('Anchors', 'Loss terms', 'paper Eq. 8: 1', false)),
  lowAnchorWeight: weight()
    .default(0.8)
    .describe('Draws the neighbours of an anchored query cell to the same reference cell.')
    .meta(meta('Anchors of neighbours', 'Loss terms', 'paper Eq. 9: w₅ = 0.8', false)),
  centreWeight: weight()
    .default(1.5)
    .describe('How much more anchored cells are drawn to the centre of the label than to the single cell.')
    .meta(meta('Anchors to label centres', 'Loss terms', 'paper Eq. 8–9: w₄ = 1.5')),
  anchorCosine: z
    .number()
    .min(-1)
    .max(1)
    .default(0.5)
    .describe('A query cell is anchored only if its cosine with the reference cell exceeds this.')
    .meta(meta('Anchors from', 'Loss terms', 'released code: 0.5; paper: no threshold')),
  rareBonus: z
    .number()
    .min(1)
    .max(10)
    .default(1.25)
    .describe('How much more anchors of rare labels count.')
    .meta(meta('Bonus of rare labels', 'Loss terms', 'released code: 1.25; paper: none')),
  batchMeanWeight: weight()
    .default(0.01)
    .describe('Brings the means of both studies together.')
    .meta(meta('Means of studies', 'Loss terms', 'paper Eq. 10: w₆ = 0.01')),
  batchSpreadWeight: weight()
    .default(1)
    .describe('Brings the spreads of both studies together.')
    .meta(meta('Spreads of studies', 'Loss terms', 'paper Eq. 10: 1')),
  classification: z
    .enum(['code', 'paper'])
    .default('code')
    .describe('Form of the classification loss: averaged with a bounded derivative, or as printed.')
    .meta(meta('Classification loss', 'Loss terms', 'paper Eq. 12; released code differs')),
  l1Weight: weight()
    .default(0.1)
    .describe('Pulls all network weights towards zero.')
    .meta(meta('L1', 'Loss terms', 'released code: 0.1; paper: none')),

  batchSize: z
    .int()
    .min(2)
    .max(4096)
    .default(256)
    .describe('Cells of each study looked at in one step; a smaller study gives all of its cells.')
    .meta(meta('Batch size', 'Training', 'paper: 256')),
  replacement: z
    .boolean()
    .default(false)
    .describe('Draw the cells of a batch with replacement, so that a cell may come twice.')
    .meta(meta('With replacement', 'Training', 'released code: yes')),
  epochs: z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .describe('How often training goes over the query.')
    .meta(meta('Passes over the query', 'Training', 'released code: 20', false)),
  leastSteps: z
    .int()
    .min(1)
    .max(100_000)
    .default(300)
    .describe('Training steps at least, where so many passes over a small query would be fewer.')
    .meta(meta('Least steps', 'Training', 'ours; released code: passes alone', false)),
  learningRate: z
    .number()
    .min(0.000001)
    .max(1)
    .default(0.008)
    .describe('Size of a training step.')
    .meta(meta('Learning rate', 'Training', 'released code: 0.008', false)),
  momentum: z
    .number()
    .min(0)
    .max(0.999)
    .default(0.9)
    .describe('Share of the last step that is kept.')
    .meta(meta('Momentum', 'Training', 'released code: 0.9')),

  labelNeighbours: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('Nearest reference cells whose labels are counted for a query cell.')
    .meta(meta('Nearest reference cells', 'Result', 'released code: 10')),
  centroidShare: share()
    .default(0.8)
    .describe(
      'How much the distance to label centres counts against the labels of the nearest cells; rare labels gain by it.',
    )
    .meta(meta('Label centres', 'Result', 'paper: s₁ = 0.2, s₂ = 0.8', false)),
  referenceCells: z
    .int()
    .min(100)
    .max(1_000_000)
    .default(50_000)
    .describe('Reference cells among which the nearest are looked for, equally spaced; all take part in label centres.')
    .meta(meta('Reference cells compared', 'Result', 'released code: about 50,000')),
  calibration: z
    .boolean()
    .default(true)
    .describe(
      'Turn scores into confidences that fit the labels of the reference; without it a confidence is the score over the sum of all scores, which is low wherever there are many labels. Labels do not change.',
    )
    .meta(meta('Calibrated confidence', 'Result', 'temperature scaling, Guo et al. 2017; paper: none')),
});

export type SemiLTSettings = z.output<typeof semiLTSettings>;
