import { z } from 'zod';

/** What a form shows beside a setting. */
function meta(title: string, group: string, source: string, advanced = true): Record<string, unknown> {
  return { title, group, advanced, source };
}

const share = (highest = 1) => z.number().min(0).max(highest);
const weight = () => z.number().min(0).max(100);
const passes = () => z.int().min(1).max(1000);
const steps = () => z.int().min(1).max(1_000_000);

/** Every choice of KIDA. */
export const kidaSettings = z.strictObject({
  transform: z
    .enum(['lognorm-scaled', 'lognorm'])
    .default('lognorm-scaled')
    .describe('How counts become input: log-normalised per cell and scaled per gene, or log-normalised only.')
    .meta(meta('Input', 'Input', 'paper: normalised and scaled', false)),
  clip: z
    .number()
    .min(0.5)
    .max(100)
    .default(6)
    .describe('Standard deviations at which scaled values are cut off.')
    .meta(meta('Cut-off of scaled values', 'Input', 'code: 6 for gene activity')),
  ownScaleFrom: z
    .int()
    .min(2)
    .max(1_000_000_000)
    .default(1000)
    .describe(
      'A study with at least this many cells is scaled by its own means and spreads, a smaller one by those of the reference.',
    )
    .meta(meta('Cells to be scaled by themselves', 'Input', 'code: 1000')),
  geneChoice: z
    .enum(['anova', 'variable', 'all'])
    .default('anova')
    .describe('Which genes are looked at: those that differ most between labels, those that vary most, or all.')
    .meta(meta('Genes chosen by', 'Input', 'code: one-way ANOVA; paper: most variable', false)),
  genes: z
    .int()
    .min(20)
    .max(100_000)
    .default(3000)
    .describe('How many genes are looked at.')
    .meta(meta('Genes', 'Input', 'code: 3000', false)),

  mask: z
    .enum(['gene-sets', 'random'])
    .default('gene-sets')
    .describe(
      'Read cells through the gene sets of a file, or through sets drawn at random, to see what the knowledge is worth.',
    )
    .meta(meta('Gene sets', 'Gene sets', 'paper; random sets: its ablation', false)),
  setRanking: z
    .enum(['largest', 'enriched'])
    .default('largest')
    .describe(
      'Which sets are kept where there are too many: those with most of the chosen genes, or those richest in them.',
    )
    .meta(meta('Sets kept', 'Gene sets', 'code: largest; paper: an enrichment analysis', false)),
  tokens: z
    .int()
    .min(2)
    .max(5000)
    .default(300)
    .describe('Gene sets that are kept at most, the one of all genes included.')
    .meta(meta('Most sets', 'Gene sets', 'paper: 300')),
  largestSet: z
    .int()
    .min(1)
    .max(100_000)
    .default(300)
    .describe('Sets of the file with more genes are left out.')
    .meta(meta('Largest set', 'Gene sets', 'code: 300')),
  smallestSet: z
    .int()
    .min(1)
    .max(10_000)
    .default(5)
    .describe('Sets with fewer of the chosen genes are left out.')
    .meta(meta('Smallest set', 'Gene sets', 'code: 5')),
  tokenLayout: z
    .enum(['by-set', 'interleaved'])
    .default('by-set')
    .describe('Whether a token holds the numbers of one gene set, or a mixture of sets as the released code has it.')
    .meta(meta('Tokens', 'Gene sets', 'paper: one set each; code: interleaved, against its own weight table')),

  width: z
    .int()
    .min(2)
    .max(1024)
    .default(48)
    .describe('Numbers that describe a gene set and a cell; a multiple of the number of heads.')
    .meta(meta('Embedding width', 'Network', 'code: 48; paper: 128')),
  depth: z
    .int()
    .min(1)
    .max(12)
    .default(1)
    .describe('Transformer blocks. Every one beyond the first costs about twenty times as much as the first.')
    .meta(meta('Blocks', 'Network', 'code: 1; paper: 4')),
  heads: z
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('Ways in which a block attends at once.')
    .meta(meta('Heads', 'Network', 'code: 2; paper: 8')),
  dropout: share(0.95)
    .default(0.5)
    .describe('Share of the numbers inside the network that is left out at each training step.')
    .meta(meta('Dropout', 'Network', 'code: 0.5')),
  pathDropout: share(0.95)
    .default(0.5)
    .describe('Share of cells for which the last of several blocks is left out at each training step.')
    .meta(meta('Dropout of blocks', 'Network', 'code: 0.5')),

  balance: z
    .boolean()
    .default(true)
    .describe('Draw all labels of the reference equally often, so that rare ones count as much as common ones.')
    .meta(meta('Balanced labels', 'First round', 'code', false)),
  labelShares: z
    .boolean()
    .default(true)
    .describe(
      'Where labels were drawn equally often, count how common they are in the reference afterwards, as strongly as labels its held-out cells best.',
    )
    .meta(meta('Shares of labels', 'First round', 'logit adjustment, Menon et al. 2021; paper and code: none')),
  validationShare: share(0.5)
    .default(0.3)
    .describe(
      'Share of each label of the reference that is kept out of training, to judge it; it is split off before balancing.',
    )
    .meta(meta('Held-out share', 'First round', 'code: 30 %, though it trains on all')),
  teacherPasses: passes()
    .default(2)
    .describe(
      'How often the teacher goes over the balanced reference; more passes learn what is peculiar to the reference.',
    )
    .meta(meta('Passes of the teacher', 'First round', 'paper: 6; ours: 2', false)),
  minTeacherSteps: steps()
    .default(300)
    .describe('Steps of the teacher at least: a small reference is gone over more often.')
    .meta(meta('Fewest steps of the teacher', 'First round', 'ours; paper and code: none')),
  maxTeacherSteps: steps()
    .default(3000)
    .describe('Steps of the teacher at most, however large the reference.')
    .meta(meta('Most steps of the teacher', 'First round', 'ours')),
  meanEntropyWeight: z
    .number()
    .min(-100)
    .max(100)
    .default(0)
    .describe('Adds the entropy of the mean probabilities to the loss of the teacher, which rewards fewer labels.')
    .meta(meta('Entropy of the teacher', 'First round', 'paper: none; code: 0.3')),
  teacherClusteringWeight: weight()
    .default(0)
    .describe('Adds the adaptive clustering to the loss of the teacher.')
    .meta(meta('Clustering of the teacher', 'First round', 'paper: none; code: 0.7')),

  secondRound: z
    .boolean()
    .default(true)
    .describe('Let a student learn from the surest query cells (KIDA); without it the teacher labels the query (KI).')
    .meta(meta('Second round', 'Second round', 'paper', false)),
  studentFrom: z
    .int()
    .min(2)
    .max(1_000_000_000)
    .default(1000)
    .describe('The second round is left out where the query has fewer cells.')
    .meta(meta('Cells for a second round', 'Second round', 'code: 1000')),
  anchorShare: share()
    .default(0.4)
    .describe('Share of the cells of each predicted label, the surest, that the student learns from.')
    .meta(meta('Share of anchors', 'Second round', 'paper: 0.4 quantile of entropy', false)),
  student: z
    .enum(['copy', 'fresh'])
    .default('copy')
    .describe('Whether the student begins as a copy of the teacher, or afresh, which takes many more passes.')
    .meta(meta('Student begins', 'Second round', 'paper: afresh; ours: a copy')),
  studentPasses: passes()
    .default(3)
    .describe('How often the student goes over the anchors.')
    .meta(meta('Passes of the student', 'Second round', 'paper: 3', false)),
  maxStudentSteps: steps()
    .default(2000)
    .describe('Steps of the student at most, however large the query.')
    .meta(meta('Most steps of the student', 'Second round', 'ours')),
  distillationWeight: weight()
    .default(0.8)
    .describe('Keeps the student near what the teacher says.')
    .meta(meta('Distillation', 'Second round', 'paper: α 0.8', false)),
  clusteringWeight: weight()
    .default(0.2)
    .describe('Draws query cells together by label and the labels apart; 0 leaves the term out.')
    .meta(meta('Adaptive clustering', 'Second round', 'paper: β 0.2', false)),
  temperature: z
    .number()
    .min(0.05)
    .max(100)
    .default(3)
    .describe('Softens the probabilities that teacher and student are compared by.')
    .meta(meta('Temperature', 'Second round', 'paper: 3')),
  distillationDirection: z
    .enum(['from-teacher', 'from-student'])
    .default('from-teacher')
    .describe('Whether what the teacher holds possible counts, or what the student does.')
    .meta(meta('Direction of distillation', 'Second round', 'code: from the teacher; paper: from the student')),
  distillationAverage: z
    .enum(['cells', 'elements'])
    .default('cells')
    .describe('Average distillation over cells, or over cells and labels, which weakens it where labels are many.')
    .meta(meta('Distillation over', 'Second round', 'paper: cells; code: elements')),
  clusteringForm: z
    .enum(['paper', 'code'])
    .default('paper')
    .describe('Form of the adaptive clustering.')
    .meta(meta('Form of clustering', 'Second round', 'paper: Eq. 3; code: Cauchy–Schwarz clustering')),

  batchSize: z
    .int()
    .min(1)
    .max(4096)
    .default(16)
    .describe('Cells looked at in one step.')
    .meta(meta('Batch size', 'Training', 'paper: 16')),
  optimiser: z
    .enum(['adam', 'sgd'])
    .default('adam')
    .describe('Rule by which weights move.')
    .meta(meta('Optimiser', 'Training', 'paper: Adam; code: SGD, which needs many more passes')),
  learningRate: z
    .number()
    .min(0.000001)
    .max(1)
    .default(0.001)
    .describe('Size of a training step.')
    .meta(meta('Learning rate', 'Training', 'paper: 1e−3', false)),
  schedule: z
    .enum(['constant', 'cosine'])
    .default('cosine')
    .describe('Whether the learning rate stays or falls along a cosine to a hundredth within each round.')
    .meta(meta('Learning rate over time', 'Training', 'paper: constant; code: cosine, as here')),
  momentum: share(0.999)
    .default(0.9)
    .describe('How much of the last step is carried on; used by SGD only.')
    .meta(meta('Momentum', 'Training', 'code: 0.9')),
  weightDecay: share()
    .default(0)
    .describe('Shrinks all weights a little at each step.')
    .meta(meta('Weight decay', 'Training', 'paper: none; code: 5e−5 with SGD')),

  calibration: z
    .boolean()
    .default(true)
    .describe(
      'Scale confidences so that they fit the held-out reference cells; labels do not change, only how sure they are.',
    )
    .meta(meta('Calibrated confidence', 'Result', 'temperature scaling, Guo et al. 2017; not in the paper')),
});

export type KidaSettings = z.output<typeof kidaSettings>;
