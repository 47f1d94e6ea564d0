import type { HistogramFigure } from './figure-data.ts';
import { queryColour, unknownColour } from './label-colours.ts';
import { palette } from './palette.ts';
import { cellsText, percentText } from './number-text.ts';

const bins = 40;

/**
 * How many query cells have which confidence, in 40 bins over 0…1, with the threshold. With truth the bars are split into
 * right, wrong and novel (label not in the reference), and cells without truth.
 *
 * @param confidence [cells] 0…1
 * @param predicted [cells] most probable label
 * @param truth [cells] or null
 */
export function confidenceFigure(options: {
  readonly confidence: ArrayLike<number>;
  readonly predicted: readonly string[];
  readonly truth: readonly (string | null)[] | null;
  readonly labels: readonly string[];
  readonly threshold: number;
}): HistogramFigure {
  const { confidence, predicted, truth, labels, threshold } = options;
  const inReference = new Set(labels);
  const kindOf = (cell: number): CellKind => {
    if (truth === null) return 'cells';
    const label = truth[cell]!;
    if (label === null) return 'unscored';
    return label === predicted[cell] ? 'right' : inReference.has(label) ? 'wrong' : 'novel';
  };
  const counts = new Map<CellKind, number[]>();
  let above = 0;
  for (let cell = 0; cell < confidence.length; cell++) {
    const kind = kindOf(cell);
    if (!counts.has(kind)) counts.set(kind, new Array<number>(bins).fill(0));
    counts.get(kind)![Math.min(bins - 1, Math.floor(confidence[cell]! * bins))]!++;
    if (confidence[cell]! > threshold) above++;
  }
  return {
    kind: 'histogram',
    id: 'confidence',
    title: 'Confidence of the predicted labels',
    footnotes: [
      `${percentText(confidence.length === 0 ? 0 : above / confidence.length)} of ${cellsText(confidence.length)} exceed the threshold of ${threshold}.`,
    ],
    x: { title: 'Confidence (largest label probability)', unit: null, format: 'number' },
    y: { title: 'Query cells', unit: null, format: 'number' },
    edges: Array.from({ length: bins + 1 }, (_, i) => i / bins),
    legendTitle: truth === null ? '' : 'Predicted label is',
    series: cellKinds
      .filter(({ kind }) => counts.has(kind))
      .map(({ kind, name, colour }) => ({ name, colour, counts: counts.get(kind)! })),
    marker: { at: threshold, name: `threshold ${threshold}` },
  };
}

type CellKind = 'cells' | 'right' | 'wrong' | 'novel' | 'unscored';

const cellKinds: readonly { kind: CellKind; name: string; colour: string }[] = [
  { kind: 'cells', name: 'Query cells', colour: queryColour },
  { kind: 'right', name: 'right', colour: palette[0]! },
  { kind: 'wrong', name: 'wrong', colour: palette[1]! },
  { kind: 'novel', name: 'wrong: true label not in the reference', colour: palette[5]! },
  { kind: 'unscored', name: 'not known', colour: unknownColour },
];
