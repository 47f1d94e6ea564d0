/** What happened to a label of the reference that fewer query cells show than one would expect. */
export interface LostLabel {
  readonly label: number;
  /**
   * `nobody`: it is the most probable label of no query cell. `unsure`: of some, and all of them are Unknown under the
   * threshold. `fewer`, `more`: its share of the labelled query cells is at most a quarter, at least four times that of the
   * reference.
   */
  readonly kind: 'nobody' | 'unsure' | 'fewer' | 'more';
  readonly referenceCells: number;
  /** Query cells for which it is the most probable label, and those shown under it. */
  readonly predictedCells: number;
  readonly shownCells: number;
  /** Shown cells to be expected if the labelled query cells were composed as the reference. */
  readonly expectedCells: number;
  /** The largest confidence with which a query cell has it; null where none has. */
  readonly highest: number | null;
}

/** A part of the map where cells lie together that no label explains. */
export interface UnexplainedRegion {
  /** Query cells in it that are Unknown, rising. */
  readonly cells: Uint32Array;
  /** Query cells in it, Unknown or not. */
  readonly all: number;
}

/** By how much a share must differ to be told, and on how many expected cells at least. */
const SHIFT = 4;
const LEAST_EXPECTED = 10;

/**
 * Labels of the reference that got lost or changed their share, the largest loss first. Only labels that shares can be
 * compared for are told as `fewer` or `more`: at least 10 expected or shown cells.
 *
 * @param input.referenceLabel [reference cells] number of the label
 * @param input.predicted [query cells]  @param input.confidence [query cells]
 * @param input.shown [query cells] number of the label shown, −1 for Unknown
 */
export function lostLabels(input: {
  readonly labels: number;
  readonly referenceLabel: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  readonly confidence: ArrayLike<number>;
  readonly shown: ArrayLike<number>;
}): readonly LostLabel[] {
  const { labels, referenceLabel, predicted, confidence, shown } = input;
  const reference = countsOf(referenceLabel, labels);
  const probable = countsOf(predicted, labels);
  const kept = countsOf(shown, labels);
  const highest = new Float64Array(labels).fill(-1);
  for (let cell = 0; cell < predicted.length; cell++)
    highest[predicted[cell]!] = Math.max(highest[predicted[cell]!]!, confidence[cell]!);
  const labelled = kept.reduce((sum, cells) => sum + cells, 0);
  const found: LostLabel[] = [];
  for (let label = 0; label < labels; label++) {
    const expected = referenceLabel.length === 0 ? 0 : (labelled * reference[label]!) / referenceLabel.length;
    const kind = kindOf(probable[label]!, kept[label]!, expected);
    if (kind === null) continue;
    found.push({
      label,
      kind,
      referenceCells: reference[label]!,
      predictedCells: probable[label]!,
      shownCells: kept[label]!,
      expectedCells: expected,
      highest: highest[label]! < 0 ? null : highest[label]!,
    });
  }
  const kinds = ['nobody', 'unsure', 'fewer', 'more'];
  return found.sort(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.referenceCells - a.referenceCells || a.label - b.label,
  );
}

function kindOf(probable: number, kept: number, expected: number): LostLabel['kind'] | null {
  if (probable === 0) return 'nobody';
  if (kept === 0) return 'unsure';
  if (expected >= LEAST_EXPECTED && kept * SHIFT <= expected) return 'fewer';
  if (kept >= LEAST_EXPECTED && kept >= expected * SHIFT) return 'more';
  return null;
}

/** Fields of the grid that is laid over the map, along each side. */
const SIDE = 40;
/** A field belongs to a region when at least this share of its cells is Unknown. */
const MOSTLY = 0.6;

/**
 * Regions of the map that no label explains: fields of a 40 × 40 grid in which at least 60 % of the cells are Unknown, joined
 * where they touch (corners too), largest first. Told are regions of at least 20 Unknown cells and 1 % of the query, unless
 * more than half of all cells are Unknown: then the threshold is the reason, and no region is told.
 *
 * @param layout [query cells, 2] row by row  @param shown [query cells] −1 for Unknown
 */
export function unexplainedRegions(layout: Float32Array, shown: ArrayLike<number>): readonly UnexplainedRegion[] {
  const unknown = countWhere(shown, (label) => label < 0);
  if (unknown === 0 || unknown > shown.length / 2) return [];
  const field = fieldsOf(layout);
  const all = new Uint32Array(SIDE * SIDE);
  const open = new Uint32Array(SIDE * SIDE);
  for (let cell = 0; cell < shown.length; cell++) {
    all[field[cell]!]!++;
    if (shown[cell]! < 0) open[field[cell]!]!++;
  }
  const { regionOf, regions } = joined((at) => open[at]! > 0 && open[at]! >= MOSTLY * all[at]!);
  const cells = Array.from({ length: regions }, (): number[] => []);
  const inRegion = new Uint32Array(regions);
  for (let cell = 0; cell < shown.length; cell++) {
    const region = regionOf[field[cell]!]!;
    if (region < 0) continue;
    inRegion[region]!++;
    if (shown[cell]! < 0) cells[region]!.push(cell);
  }
  const least = Math.max(20, shown.length / 100);
  return cells
    .map((own, region) => ({ cells: Uint32Array.from(own), all: inRegion[region]! }))
    .filter((region) => region.cells.length >= least)
    .sort((a, b) => b.cells.length - a.cells.length);
}

/** [cells] the field of the grid that each cell lies in. */
function fieldsOf(layout: Float32Array): Uint32Array {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < layout.length; i++) {
    low[i & 1] = Math.min(low[i & 1]!, layout[i]!);
    high[i & 1] = Math.max(high[i & 1]!, layout[i]!);
  }
  const line = (value: number, axis: 0 | 1): number =>
    Math.min(SIDE - 1, Math.floor(((value - low[axis]!) / (high[axis]! - low[axis]! || 1)) * SIDE));
  return Uint32Array.from(
    { length: layout.length / 2 },
    (_, cell) => line(layout[2 * cell + 1]!, 1) * SIDE + line(layout[2 * cell]!, 0),
  );
}

/** Fields that count, joined with their eight neighbours: [fields] number of the region, −1 for none. */
function joined(counts: (field: number) => boolean): { regionOf: Int32Array; regions: number } {
  const regionOf = new Int32Array(SIDE * SIDE).fill(-1);
  let regions = 0;
  for (let start = 0; start < regionOf.length; start++) {
    if (regionOf[start]! >= 0 || !counts(start)) continue;
    const waiting = [start];
    regionOf[start] = regions;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
      for (let ny = Math.max(0, y - 1); ny <= Math.min(SIDE - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(SIDE - 1, x + 1); nx++) {
          const next = ny * SIDE + nx;
          if (regionOf[next]! >= 0 || !counts(next)) continue;
          regionOf[next] = regions;
          waiting.push(next);
        }
      }
    }
    regions++;
  }
  return { regionOf, regions };
}

function countsOf(numbers: ArrayLike<number>, labels: number): Uint32Array {
  const counts = new Uint32Array(labels);
  for (let i = 0; i < numbers.length; i++) if (numbers[i]! >= 0) counts[numbers[i]!]!++;
  return counts;
}

function countWhere(values: ArrayLike<number>, counts: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (counts(values[i]!)) count++;
  return count;
}
