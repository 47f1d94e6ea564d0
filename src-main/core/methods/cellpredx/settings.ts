import { z } from 'zod';
import { LOWEST_TEMPERATURE } from '../../train/losses/contrastive.ts';
import { transforms } from '../../train/method.ts';

/** What a form shows beside a setting. */
interface SettingMeta {
  readonly title: string;
  readonly group: string;
  readonly advanced: boolean;
  /** Where the default comes from. */
  readonly source: string;
}

function meta(title: string, group: string, source: string, advanced = true): SettingMeta & Record<string, unknown> {
  return { title, group, advanced, source };
}

const weight = () => z.number().min(0).max(100);

/** Every choice the paper or the released code leaves open. A loss weight of 0 switches its term off and saves its cost. */
export const cellPredXSettings = z.strictObject({
  transform: z
    .enum(transforms)
    .default('binarise')
    .describe(
      'How counts become input: present or absent, log-normalised per cell, log only, log-normalised and scaled per feature, or unchanged.',
    )
    .meta(meta('Input', 'Input', 'paper: log-normalised; released demos: binarised', false)),
  topFeatures: z
    .int()
    .min(100)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe(
      'Take this many most variable features of each study and keep those chosen in both; none keeps all shared features.',
    )
    .meta(meta('Most variable features', 'Input', 'released code: all in most demos, 8000 in the PBMC demo', false)),
  neighbours: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('Nearest query cells from which the partner of a query cell is drawn.')
    .meta(meta('Neighbours', 'Input', 'released code: 10')),
  neighbourDistance: z
    .enum(['manhattan', 'euclidean'])
    .default('manhattan')
    .describe('How far apart two query cells are: sum of differences, or straight line.')
    .meta(meta('Distance of neighbours', 'Input', 'released code: Manhattan')),

  embeddingWidth: z
    .int()
    .min(2)
    .max(512)
    .default(64)
    .describe('Numbers that describe a cell after training; more can hold finer differences and cost time.')
    .meta(meta('Embedding width', 'Network', 'paper: 64')),
  attentionOn: z
    .boolean()
    .default(true)
    .describe('Weigh the embedding dimensions of each cell in the sparse centre term; without it all count fully.')
    .meta(meta('Attention', 'Network', 'paper Eq. 8–10')),
  attentionWidth: z
    .int()
    .min(2)
    .max(512)
    .default(64)
    .describe('Hidden width of the attention unit.')
    .meta(meta('Attention width', 'Network', 'released code: 64')),

  classificationWeight: weight()
    .default(1)
    .describe('Teaches the labels of the reference; without it nothing ties the embedding to them.')
    .meta(meta('Classification', 'Loss terms', 'paper Eq. 2: 1')),
  projectionWeight: weight()
    .default(0.1)
    .describe('Keeps the embedding small, spread out and uncorrelated.')
    .meta(meta('Projection regularisation', 'Loss terms', 'released code: 0.1')),
  projectionSymmetric: z
    .boolean()
    .default(false)
    .describe(
      'Ask for spread in the reference too, as the paper words it; the released code asks it of the query only.',
    )
    .meta(meta('Projection on both sides', 'Loss terms', 'paper: yes; released code: no')),
  contrastiveWeight: weight()
    .default(0.06)
    .describe('Pulls a query cell towards its neighbours and away from all other cells; carries most of the gain.')
    .meta(meta('Contrastive', 'Loss terms', 'paper, per scenario', false)),
  contrastiveDoubled: z
    .boolean()
    .default(true)
    .describe('Count the contrastive term twice, as the released code does; the published weights were found that way.')
    .meta(meta('Contrastive counted twice', 'Loss terms', 'paper: no; released code: yes')),
  temperature: z
    .number()
    .min(LOWEST_TEMPERATURE)
    .max(10)
    .default(0.4)
    .describe('Softness of the contrastive comparison; small values look at the nearest competitors only.')
    .meta(meta('Temperature', 'Loss terms', 'paper, per scenario', false)),
  alignmentWeight: weight()
    .default(0.05)
    .describe('Pulls query cells towards their most similar reference cell.')
    .meta(meta('Feature alignment', 'Loss terms', 'paper, per scenario', false)),
  alignmentShare: z
    .number()
    .min(0.01)
    .max(1)
    .default(0.8)
    .describe('Share of the query cells of a batch, the best matching ones, that take part in the alignment.')
    .meta(meta('Aligned share', 'Loss terms', 'released code: 0.8')),
  alignmentNegatives: z
    .boolean()
    .default(true)
    .describe(
      'Push matched reference cells away from random query cells; prevents collapse at large alignment weights.',
    )
    .meta(meta('Alignment with negatives', 'Loss terms', 'paper: no; released code: yes')),
  alignmentMargin: z
    .number()
    .min(-1)
    .max(1)
    .default(0.5)
    .describe('Random pairs are pushed apart while their cosine exceeds the negative of this number.')
    .meta(meta('Margin of negatives', 'Loss terms', 'released code: 0.5')),
  sparseCentreWeight: weight()
    .default(0.01)
    .describe('Pulls cells towards the centre of their label (query cells by their predicted label).')
    .meta(meta('Sparse centre', 'Loss terms', 'paper, per scenario', false)),
  centrePolicy: z
    .enum(['running', 'fixed'])
    .default('running')
    .describe('Whether the centres follow their cells, or stay where they were drawn.')
    .meta(meta('Centres', 'Loss terms', 'paper: class means; released code: fixed')),
  centreRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('How far running centres move towards their cells at each step.')
    .meta(meta('Centre rate', 'Loss terms', 'centre loss: 0.5')),
  centreStartStep: z
    .int()
    .min(0)
    .max(100_000)
    .default(10)
    .describe('Query cells join the sparse centre term after this step; the reference takes part from the beginning.')
    .meta(meta('Query joins centres after', 'Loss terms', 'released code: 10')),
  pseudoLabelQuantile: z
    .number()
    .min(0)
    .max(0.99)
    .default(0.75)
    .describe('Only query cells above this quantile of the batch confidence join their predicted centre; 0 takes all.')
    .meta(meta('Confidence quantile', 'Loss terms', 'paper: all; released code: 0.75')),
  l1Weight: weight()
    .default(0.1)
    .describe('Pulls all network weights towards zero.')
    .meta(meta('L1', 'Loss terms', 'released code: 0.1')),

  batchSize: z
    .int()
    .min(2)
    .max(8192)
    .default(512)
    .describe('Cells of each study looked at in one step; the smaller study limits it.')
    .meta(meta('Batch size', 'Training', 'paper: 512')),
  balancedReference: z
    .boolean()
    .default(false)
    .describe('Draw reference cells so that all labels are equally frequent in a batch.')
    .meta(meta('Balanced reference', 'Training', 'in the released code, unused')),
  steps: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe('Training steps at most.')
    .meta(meta('Steps', 'Training', 'paper: 3000 across modalities, 200 within', false)),
  earlyStop: z
    .boolean()
    .default(false)
    .describe('Stop when the sparse centre term no longer changes.')
    .meta(meta('Early stop', 'Training', 'paper: yes; released code: no', false)),
  optimiser: z
    .enum(['sgd', 'adam'])
    .default('sgd')
    .describe('How weights follow their gradients: with momentum, or with adaptive steps.')
    .meta(meta('Optimiser', 'Training', 'released code: SGD')),
  learningRate: z
    .number()
    .min(0.000001)
    .max(1)
    .default(0.01)
    .describe('Size of a training step; falls to a tenth at half time.')
    .meta(meta('Learning rate', 'Training', 'paper: 0.001; released demos: 0.01', false)),
  momentum: z
    .number()
    .min(0)
    .max(0.999)
    .default(0.9)
    .describe('Share of the last step that is kept (SGD only).')
    .meta(meta('Momentum', 'Training', 'released code: 0.9')),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.0005)
    .describe('Shrinks all weights a little at each step.')
    .meta(meta('Weight decay', 'Training', 'released code: 5e−4')),

  calibration: z
    .boolean()
    .default(true)
    .describe(
      'Scale confidences so that they fit the labels of the reference; labels do not change, only how sure they are.',
    )
    .meta(
      meta('Calibrated confidence', 'Result', 'temperature scaling, Guo et al. 2017; paper and released code: none'),
    ),
  smoothing: z
    .boolean()
    .default(false)
    .describe('Give each query cell the most frequent label among its nearest query cells.')
    .meta(meta('Smooth labels', 'Result', 'released code: option, off')),
  attributionRanking: z
    .enum(['signed', 'absolute'])
    .default('signed')
    .describe('Rank features by how much they speak for the label, or by their influence in either direction.')
    .meta(meta('Ranking of features', 'Result', 'paper: descending; released code: absolute')),
  featuresPerCell: z
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe(
      'So many features of largest attribution count for each cell; more than a cell expresses of its label’s own genes lets genes in that every cell has.',
    )
    .meta(meta('Features counted per cell', 'Result', 'paper: 100; ours: 50, as many as a label keeps')),
  determinantCells: z
    .enum(['annotated', 'correct'])
    .default('annotated')
    .describe('Count features over all cells given a label, or only over those whose known truth agrees.')
    .meta(meta('Cells that speak for a label', 'Result', 'paper: annotated; released code: correct')),
});

export type CellPredXSettings = z.output<typeof cellPredXSettings>;
