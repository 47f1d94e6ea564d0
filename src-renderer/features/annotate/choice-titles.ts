/** What the choices of settings are called, by the word a method writes for them; methods share these words. */
const choiceTitles: Readonly<Record<string, string>> = {
  // input
  binarise: 'Present or absent',
  lognorm: 'Log-normalised',
  log1p: 'Logarithm only',
  'lognorm-scaled': 'Log-normalised, then scaled',
  none: 'Unchanged',
  // neighbours
  manhattan: 'Sum of differences (Manhattan)',
  euclidean: 'Straight line (Euclidean)',
  // training
  sgd: 'Steps with momentum (SGD)',
  adam: 'Adaptive steps (Adam)',
  constant: 'Stays the same',
  cosine: 'Falls along a cosine',
  running: 'Follow their cells',
  fixed: 'Stay where they were drawn',
  mean: 'Average',
  sum: 'Sum',
  'three-layer': 'Three layers',
  'two-layer': 'Two layers',
  batch: 'Those in a batch',
  reference: 'All of the reference',
  // features
  signed: 'By how much they speak for the label',
  absolute: 'By influence in either direction',
  annotated: 'All that were given the label',
  correct: 'Only those known to be right',
  anova: 'Differences between labels (ANOVA)',
  variable: 'How much they vary',
  all: 'All of them',
  // gene sets
  'gene-sets': 'From a file of gene sets',
  random: 'Drawn at random',
  largest: 'The largest',
  enriched: 'The most enriched',
  'by-set': 'One gene set each',
  interleaved: 'A mixture of sets',
  // second round
  copy: 'As a copy of the teacher',
  fresh: 'Afresh',
  'from-teacher': 'From the teacher',
  'from-student': 'From the student',
  cells: 'Cells',
  elements: 'Cells and labels',
  // forms that paper and code tell differently
  paper: 'As in the paper',
  code: 'As in the released code',
};

/** A choice in plain words; the word itself for one that has none. */
export function choiceTitle(choice: string): string {
  return choiceTitles[choice] ?? choice;
}
