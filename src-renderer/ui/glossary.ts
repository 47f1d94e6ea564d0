/** One word of the application with what it means there. */
export interface GlossaryEntry {
  readonly word: string;
  /** One or two sentences, without the word's own name for a subject where that is clear. */
  readonly meaning: string;
}

/**
 * Every word that a screen or the guide explains, in alphabetical order. `docs/guide/glossary.md` is made from it, so that
 * both say the same.
 */
export const glossary = [
  {
    word: 'Accuracy',
    meaning:
      'The share of the query cells with truth whose most probable label is their true one, whatever the threshold. A frequent label weighs more in it than a rare one.',
  },
  {
    word: 'ATAC',
    meaning:
      'A measurement of which stretches of DNA are open in each cell. It gives fragments, which are counted in peaks or as gene activity.',
  },
  {
    word: 'Attribution',
    meaning:
      'How much a feature raised or lowered the probability of a label in a cell, by integrated gradients. The attributions of a cell add up to what sets its probability apart from that of an empty cell.',
  },
  {
    word: 'Cell',
    meaning: 'One barcode of a study that stands for a cell (or a nucleus); a row of its matrix.',
  },
  {
    word: 'Checkpoint',
    meaning:
      'All that the rest of a training depends on, written to the project every few seconds. A run that was paused, cancelled or interrupted goes on from the last one.',
  },
  {
    word: 'Clustering',
    meaning:
      'Putting like beside like: the two most alike are joined first, then the next, until all hang on one tree (average linkage). The order of the tree is shown; which end comes first means nothing.',
  },
  {
    word: 'Confidence',
    meaning:
      'The probability the method gives to a cell’s most probable label. It is not a promise: a wrong label can be confident.',
  },
  {
    word: 'Confusion matrix',
    meaning:
      'A table of the labels that cells came with (rows) against the labels they are shown under (columns). Agreement lies on the diagonal.',
  },
  {
    word: 'Counts',
    meaning:
      'Whole numbers of molecules or fragments, as they were measured. Methods read them; values that were scaled cannot be brought back to counts.',
  },
  {
    word: 'Detection rate',
    meaning: 'The share of the cells of a label in which a feature has any value at all.',
  },
  {
    word: 'Determinant feature',
    meaning:
      'A gene or peak that is among the strongest reasons for a label in many of its cells. The list per label is what the Markers tab shows.',
  },
  {
    word: 'Engine',
    meaning:
      'What computes: the processor (WebAssembly), any graphics card (WebGPU) or an NVIDIA card (CUDA). The result is the same up to rounding; the time is not.',
  },
  {
    word: 'Feature',
    meaning: 'What is measured in every cell: a gene or a peak; a column of the matrix.',
  },
  {
    word: 'Fold change',
    meaning:
      'How many times as high a feature is in the cells of a label as in all others, as a power of two: 1 is twice, −1 is half.',
  },
  {
    word: 'Fragments',
    meaning:
      'The file of an ATAC measurement that lists every sequenced piece of open DNA with its place and its cell.',
  },
  {
    word: 'Gene activity',
    meaning: 'A stand-in for expression in ATAC data: fragments in a gene and in the 2 kb before it, counted per cell.',
  },
  {
    word: 'Genome',
    meaning:
      'The build of the genome, such as hg38 or mm10, whose coordinates peaks and fragments carry. With another build they would be counted for the wrong genes.',
  },
  {
    word: 'Integrated gradients',
    meaning:
      'A way to share out a probability among the features that made it, by following it from an empty cell to the cell that is explained.',
  },
  {
    word: 'KNN graph',
    meaning:
      'Each cell joined to the cells most like it. CellPredX keeps neighbours of the query together while it learns.',
  },
  {
    word: 'Label',
    meaning:
      'The name of a cell type, or of any other group, that a cell carries: in the reference from its makers, in the query from a run.',
  },
  {
    word: 'Loss term',
    meaning:
      'One of the things a method tries to make small while it learns: mistakes on reference labels, the distance between the two studies, and others. Falling curves that level off are a good sign.',
  },
  {
    word: 'Macro-F1',
    meaning:
      'The mean over labels of how well each is found (harmonic mean of precision and recall), so that a rare label counts as much as a frequent one.',
  },
  {
    word: 'Method',
    meaning: 'A published way to carry labels over, such as CellPredX, or a simple classifier to compare with.',
  },
  {
    word: 'Modality',
    meaning:
      'What was measured: expression (RNA), open chromatin as peaks, fragments or gene activity (ATAC), or proteins.',
  },
  {
    word: 'Peak',
    meaning: 'A stretch of DNA that is open in many cells of an ATAC study: chromosome, begin, end.',
  },
  {
    word: 'Pre-flight',
    meaning:
      'What is found in a file before anything is computed: kind of data, cells and features, labels, and what is wrong with it.',
  },
  {
    word: 'Preset',
    meaning:
      'A set of values for all settings of a method: the ones we recommend for the scenario, those of its paper, or those that reproduce its published results.',
  },
  {
    word: 'Probability',
    meaning:
      'What the method gives to each label of the reference; over all labels it adds up to 1. A close runner-up means that the label is a near thing.',
  },
  {
    word: 'Project',
    meaning: 'A folder, ending in .cpx, that keeps runs, results and figures. It holds no copy of your files.',
  },
  {
    word: 'Query',
    meaning: 'The study whose cells are to be labelled.',
  },
  {
    word: 'Reference',
    meaning: 'The labelled study from which labels are carried over.',
  },
  {
    word: 'Run',
    meaning:
      'One annotation with its files, settings and seed, and what came out of it. The same files, settings, seed and engine give the same result.',
  },
  {
    word: 'Scenario',
    meaning:
      'Which kinds of data meet: RNA → RNA, RNA → ATAC (the same cells or others), ATAC → ATAC. It decides how the two studies are brought to the same features.',
  },
  {
    word: 'Seed',
    meaning:
      'The number from which all random choices of a run follow. Another seed shows how much a result depends on chance.',
  },
  {
    word: 'Step',
    meaning: 'One round of learning from a batch of cells of both studies.',
  },
  {
    word: 'Threshold',
    meaning:
      'The confidence a cell must exceed to show its label. Cells under it are shown as Unknown; moving it needs no new run.',
  },
  {
    word: 'Truth',
    meaning: 'Labels of the query that are known already. They are used to score a result and never to make it.',
  },
  {
    word: 'UMAP',
    meaning:
      'A drawing of the learned space in two dimensions: near points are alike; distances between far groups mean nothing.',
  },
  {
    word: 'Unknown',
    meaning:
      'What a cell is called whose confidence does not exceed the threshold: the method does not know, and says so.',
  },
  {
    word: 'z-score',
    meaning: 'A value less the mean over all query cells, in standard deviations: 0 is the mean, 2 is far above it.',
  },
] as const satisfies readonly GlossaryEntry[];

export type GlossaryWord = (typeof glossary)[number]['word'];

/** What a word means, whatever the case of its letters; undefined for one that is not explained. */
export function meaningOf(word: string): string | undefined {
  return glossary.find((entry) => entry.word.toLowerCase() === word.toLowerCase())?.meaning;
}
