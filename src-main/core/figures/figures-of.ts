import type { Assessment } from '../assess/assessment.ts';
import type { AlignedPair } from '../data/aligned-pair.ts';
import type { LabelTransfer } from '../data/label-transfer.ts';
import type { DeterminantFeature } from '../interpret/determinant-feature.ts';
import { applyThreshold } from '../transfer/apply-threshold.ts';
import type { PatternDetails } from '../data/label-patterns.ts';
import type { MethodViews } from '../data/method-views.ts';
import { chosenFeatures } from './chosen-features.ts';
import { compositionFigure } from './composition-figure.ts';
import { confidenceFigure } from './confidence-figure.ts';
import { confusionFigure } from './confusion-figure.ts';
import { dotFigure } from './dot-figure.ts';
import { labelScatter, numberScatter } from './embedding-figure.ts';
import { cellHeatmap, labelHeatmap } from './feature-heatmaps.ts';
import { featureValues } from './feature-values.ts';
import type { FigureData } from './figure-data.ts';
import { flowFigure } from './flow-figure.ts';
import { labelColours, queryColour, referenceColour, referencePlaces } from './label-colours.ts';
import { lossFigure } from './loss-figure.ts';
import { patternFigures, studyFigures, viewFigures } from './method-figures.ts';
import { cellsText, countText } from './number-text.ts';
import { violinFigure } from './violin-figure.ts';

/** What the figures of a run are made from. Everything optional may be missing; the figures that need it are then left out. */
export interface FiguresInput {
  readonly transfer: LabelTransfer;
  readonly pair: Pick<AlignedPair, 'features' | 'labels' | 'scenario'> & {
    readonly reference: Pick<AlignedPair['reference'], 'label' | 'counts'>;
    readonly query: Pick<AlignedPair['query'], 'counts' | 'neighbours'>;
  };
  /** [reference cells + query cells, 2] row by row, reference first; null for no maps of cells. */
  readonly layout: Float32Array | null;
  /** What made the layout; written along its axes. */
  readonly layoutName?: string;
  /** What a reader must know of how the layout was made; null or left out for nothing. */
  readonly layoutNote?: string | null;
  /** How the studies mix and labels hang together; null or left out for no figures of that. */
  readonly views?: MethodViews | null;
  /** Attention and networks of a method that reads cells through gene sets; null or left out for the others. */
  readonly patterns?: PatternDetails | null;
  readonly markers: readonly DeterminantFeature[];
  /** [query cells] or null. */
  readonly truth: readonly (string | null)[] | null;
  readonly assessment: Assessment | null;
  /** Loss terms by name for each of `steps`; NaN where a term was not computed. */
  readonly losses: { readonly steps: readonly number[]; readonly terms: Readonly<Record<string, readonly number[]>> };
  /** Cells whose confidence does not exceed it are shown as Unknown. */
  readonly threshold: number;
  /** Seed of the order and choice of drawn points. */
  readonly seed: number;
}

/** All figures of a run, in the order in which a reader wants them. Same input, same figures. */
export async function figuresOf(input: FiguresInput): Promise<FigureData[]> {
  const { transfer, truth, assessment, threshold, losses } = input;
  const shown = applyThreshold(transfer, threshold);
  const predicted = Array.from(transfer.query.predicted, (label) => transfer.labels[label]!);
  const colours = labelColours(transfer.labels, {
    further: assessment?.novelLabels ?? [],
    places: input.layout && referencePlaces(input.layout, input.pair.reference.label),
  });
  const withTruth = assessment !== null && truth !== null && assessment.cells.withTruth > 0;
  return [
    ...mapFigures(input, shown, colours),
    compositionFigure({
      reference: Array.from(input.pair.reference.label, (label) => transfer.labels[label]!),
      shown,
      truth: withTruth ? truth : null,
      threshold,
    }),
    confidenceFigure({
      confidence: transfer.query.confidence,
      predicted,
      truth: withTruth ? truth : null,
      labels: transfer.labels,
      threshold,
    }),
    ...(withTruth ? [confusionFigure(assessment), flowFigure({ truth, shown, colours, threshold })] : []),
    ...(await featureFigures(input, colours)),
    ...(await studyFigures(input, colours)),
    ...viewFigures(input, colours),
    ...patternFigures(input, colours),
    ...(losses.steps.length > 0 ? [lossFigure(losses.steps, losses.terms)] : []),
  ];
}

/** Maps of the cells: by study, by reference label, by predicted label, by confidence, by truth. */
function mapFigures(
  { transfer, pair, layout, layoutName = 'UMAP', layoutNote = null, truth, seed, threshold }: FiguresInput,
  shown: readonly string[],
  colours: ReadonlyMap<string, string>,
): FigureData[] {
  if (layout === null) return [];
  const reference = transfer.reference.cells.length;
  const query = transfer.query.cells.length;
  if (layout.length !== 2 * (reference + query)) {
    throw new RangeError(`figuresOf: a layout of ${layout.length / 2} places for ${reference} + ${query} cells`);
  }
  const common = { layout: { name: layoutName, values: layout, note: layoutNote }, seed };
  const file = layoutName.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const referenceCells = Array.from({ length: reference }, (_, cell) => cell);
  const queryCells = Array.from({ length: query }, (_, cell) => reference + cell);
  const known = queryCells.filter((cell) => (truth?.[cell - reference] ?? null) !== null);
  return [
    labelScatter({
      ...common,
      id: `${file}-dataset`,
      title: 'Reference and query in the learned space',
      cells: [...referenceCells, ...queryCells],
      colourTitle: 'Study',
      nameOf: (cell) => (cell < reference ? 'Reference' : 'Query'),
      colours: new Map([
        ['Reference', referenceColour],
        ['Query', queryColour],
      ]),
      numbered: false,
    }),
    labelScatter({
      ...common,
      id: `${file}-reference-label`,
      title: 'Reference cells by label',
      cells: referenceCells,
      colourTitle: 'Reference label',
      nameOf: (cell) => transfer.labels[pair.reference.label[cell]!]!,
      colours,
      numbered: true,
    }),
    labelScatter({
      ...common,
      id: `${file}-predicted-label`,
      title: 'Query cells by predicted label',
      cells: queryCells,
      footnotes: [`Unknown: confidence does not exceed ${threshold}.`],
      colourTitle: 'Predicted label',
      nameOf: (cell) => shown[cell - reference]!,
      colours,
      numbered: true,
    }),
    numberScatter({
      ...common,
      id: `${file}-confidence`,
      title: 'Query cells by confidence',
      cells: queryCells,
      footnotes: ['Confidence: the largest label probability of a cell.'],
      colourTitle: 'Confidence',
      valueOf: (cell) => transfer.query.confidence[cell - reference]!,
      range: [0, 1],
      format: 'number',
    }),
    ...(known.length === 0
      ? []
      : [
          labelScatter({
            ...common,
            id: `${file}-true-label`,
            title: 'Query cells by true label',
            cells: known,
            footnotes:
              known.length < query
                ? [`The true label is known for ${countText(known.length)} of ${cellsText(query)}.`]
                : [],
            colourTitle: 'True label',
            nameOf: (cell) => truth![cell - reference]!,
            colours,
            numbered: true,
          }),
        ]),
  ];
}

/** Determinant features over labels and cells, as many per label as a page holds. */
async function featureFigures(
  { transfer, pair, markers }: FiguresInput,
  colours: ReadonlyMap<string, string>,
): Promise<FigureData[]> {
  const { labels, query } = transfer;
  const perLabel = (rows: number): number => Math.max(1, Math.floor(rows / labels.length));
  const many = chosenFeatures(markers, labels, pair.features, Math.min(10, perLabel(60)));
  if (many.length === 0 || query.cells.length === 0) return [];
  const few = chosenFeatures(markers, labels, pair.features, Math.min(4, perLabel(45)));
  const one = chosenFeatures(markers, labels, pair.features, 1).slice(0, 12);
  const all = [...new Set([...many, ...few, ...one].map(({ column }) => column))];
  const values = await featureValues(pair.query.counts, all);
  const place = new Map(all.map((column, i) => [column, i]));
  const entries = labels.map((name) => ({ name, colour: colours.get(name)!, cells: null }));
  const inputOf = (features: typeof many) => ({
    features,
    values: { title: values.title, columns: features.map(({ column }) => values.columns[place.get(column)!]!) },
    label: query.predicted,
    labels: entries,
  });
  return [labelHeatmap(inputOf(many)), cellHeatmap(inputOf(many)), dotFigure(inputOf(few)), violinFigure(inputOf(one))];
}
