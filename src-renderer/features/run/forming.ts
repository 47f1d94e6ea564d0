import type { RunEvent } from '#contract/run-events';

type View = Extract<RunEvent, { kind: 'forming' }>;

/** The cells of one label in a forming embedding. */
export interface FormingGroup {
  /** Points into the labels of the view. */
  readonly label: number;
  readonly cells: number;
  /** A round dot per cell, as one SVG path; y grows upwards in the embedding and downwards here. */
  readonly path: string;
}

/** The groups of a view, the largest first, so that small ones are drawn on top. @param radius of a dot, in thousandths */
export function groupsOf(
  { predicted, places, labels }: Pick<View, 'predicted' | 'places' | 'labels'>,
  radius: number,
): readonly FormingGroup[] {
  const dot = `a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
  const paths = labels.map(() => [] as string[]);
  predicted.forEach((label, cell) =>
    paths[label]?.push(`M${places[2 * cell]! - radius} ${-places[2 * cell + 1]!}${dot}`),
  );
  return paths
    .map((dots, label) => ({ label, cells: dots.length, path: dots.join('') }))
    .filter((group) => group.cells > 0)
    .sort((a, b) => b.cells - a.cells);
}

const BARS = 20;

/** Cells per twentieth of the confidence; 100 % belongs to the last. @param confidence in thousandths */
export function confidenceBars(confidence: readonly number[]): readonly number[] {
  const bars = new Array<number>(BARS).fill(0);
  for (const value of confidence) bars[Math.min(BARS - 1, Math.floor((value * BARS) / 1000))]!++;
  return bars;
}
