import { z } from 'zod';
import { LOWEST_TEMPERATURE } from '../../train/losses/contrastive.ts';

/** What a form shows beside a setting. */
function meta(title: string, group: string, source: string, advanced = true): Record<string, unknown> {
  return { title, group, advanced, source };
}

const width = () => z.int().min(2).max(4096);
const share = () => z.number().min(0).max(1);

/** Every choice of CDA-SC, most of which its paper leaves open and no code settles. */
export const cdaScSettings = z.strictObject({
  transform: z
    .enum(['lognorm', 'lognorm-scaled'])
    .default('lognorm')
    .describe('How counts become input: log-normalised per cell, or that and scaled per feature within each study.')
    .meta(meta('Input', 'Input', 'paper: log-normalised; scaling is ours', false)),
  variableFeatures: z
    .int()
    .min(50)
    .max(1_000_000)
    .nullable()
    .default(2000)
    .describe('Take this many features that vary most for their mean in both studies; none keeps all shared features.')
    .meta(meta('Most variable features', 'Input', 'paper: 2000 by dispersion', false)),

  encoder: z
    .enum(['three-layer', 'two-layer'])
    .default('three-layer')
    .describe('Depth of the network that embeds a cell; two layers leave out the middle one.')
    .meta(meta('Encoder', 'Network', 'text of the paper: three layers; its printed code: two')),
  hiddenWidth: width()
    .default(1024)
    .describe('Width of the first layer.')
    .meta(meta('First layer', 'Network', 'printed code: 1024')),
  middleWidth: width()
    .default(256)
    .describe('Width of the second of three layers.')
    .meta(meta('Middle layer', 'Network', 'not given; ours')),
  embeddingWidth: width()
    .default(128)
    .describe('Numbers that describe a cell after training.')
    .meta(meta('Embedding width', 'Network', 'not given; ours')),
  discriminatorWidth: width()
    .default(256)
    .describe('Hidden width of the network that tries to tell the studies apart.')
    .meta(meta('Discriminator width', 'Network', 'printed code: 256')),

  adversarialStrength: z
    .number()
    .min(0)
    .max(10)
    .default(1)
    .describe(
      'How strongly differences between the studies are removed at the end of training; it grows from 0. 0 leaves it out.',
    )
    .meta(meta('Adversarial strength', 'Loss terms', 'paper: λ from 0 to 1; applied once', false)),
  contrastiveWeight: z
    .number()
    .min(0)
    .max(100)
    .default(0.5)
    .describe('Draws cells of one label together and away from others; 0 leaves the term out.')
    .meta(meta('Contrastive', 'Loss terms', 'paper: β 0.5, stable from 0.1 to 1, harmful above 5', false)),
  contrastiveReduction: z
    .enum(['mean', 'sum'])
    .default('mean')
    .describe('Average the contrastive term over cells, or sum it, which makes it grow with the batch.')
    .meta(meta('Contrastive over cells', 'Loss terms', 'paper: sum; mean keeps the quoted weights usable')),
  temperature: z
    .number()
    .min(LOWEST_TEMPERATURE)
    .max(10)
    .default(0.07)
    .describe('Softness of the contrastive comparison; small values look at the nearest competitors only.')
    .meta(meta('Temperature', 'Loss terms', 'paper: 0.07')),
  pseudoLabels: z
    .boolean()
    .default(true)
    .describe('Let query cells take part in the contrastive term with the label predicted for them, once it is sure.')
    .meta(meta('Predicted labels', 'Loss terms', 'paper', false)),
  pseudoLabelConfidence: share()
    .default(0.9)
    .describe('A query cell takes part when its largest probability reaches this.')
    .meta(meta('Sure from', 'Loss terms', 'paper: a threshold without a number; ours')),
  pseudoLabelWarmUp: share()
    .default(0.2)
    .describe('Share of the training during which only the reference takes part in the contrastive term.')
    .meta(meta('Warm-up', 'Loss terms', 'paper: source only at first; ours')),

  batchSize: z
    .int()
    .min(2)
    .max(8192)
    .default(128)
    .describe('Cells of each study looked at in one step; a smaller study gives all of its cells.')
    .meta(meta('Batch size', 'Training', 'paper: 128')),
  passes: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('How often training goes over the larger study, at most.')
    .meta(meta('Passes', 'Training', 'not given; ours', false)),
  maxSteps: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(20_000)
    .describe('Training steps at most, however large the studies.')
    .meta(meta('Most steps', 'Training', 'not given; ours', false)),
  learningRate: z
    .number()
    .min(0.000001)
    .max(1)
    .default(0.0001)
    .describe('Size of a training step.')
    .meta(meta('Learning rate', 'Training', 'paper: 1e−4 with Adam', false)),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.00001)
    .describe('Shrinks all weights a little at each step.')
    .meta(meta('Weight decay', 'Training', 'paper: 1e−5')),
  validationShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe(
      'Share of each label of the reference that is kept out of training, to judge it; 0 trains on all and never stops early.',
    )
    .meta(meta('Held-out share', 'Training', 'paper: source validation; ours: a tenth')),
  patience: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .default(10)
    .describe(
      'Stop when the held-out reference cells have not been labelled better for this many passes; none never stops early.',
    )
    .meta(meta('Patience', 'Training', 'not given; ours: 10 passes')),

  calibration: z
    .boolean()
    .default(true)
    .describe(
      'Scale confidences so that they fit the held-out reference cells; labels do not change, only how sure they are.',
    )
    .meta(meta('Calibrated confidence', 'Result', 'temperature scaling, Guo et al. 2017; not in the paper')),
});

export type CdaScSettings = z.output<typeof cdaScSettings>;
