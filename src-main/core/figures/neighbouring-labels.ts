/** Squares along each side of the map: about the distance at which two groups of cells look as if they touch. */
const SQUARES = 48;

/**
 * How much the labels of a map touch each other: [labels × labels], 0 for labels that lie apart, 1 where every cell of the
 * smaller one has a cell of the other within one square of a grid of 48 × 48. Symmetric, with zeros on the diagonal.
 *
 * @param layout [cells, 2] row by row
 * @param label [cells] number of the label, −1 for none
 */
export function neighbouringLabels(layout: Float32Array, label: ArrayLike<number>, labels: number): Float64Array {
  const touching = new Float64Array(labels * labels);
  const squareOf = squares(layout);
  const counts = new Map<number, Map<number, number>>();
  const totals = new Uint32Array(labels);
  for (let cell = 0; cell < label.length; cell++) {
    const own = label[cell]!;
    if (own < 0) continue;
    const square = squareOf(cell);
    const within = counts.get(square) ?? new Map<number, number>();
    counts.set(square, within.set(own, (within.get(own) ?? 0) + 1));
    totals[own]!++;
  }
  // For each label, its cells that have one of another label around them.
  for (const [square, within] of counts) {
    const around = labelsAround(counts, square);
    for (const [own, cells] of within)
      for (const other of around) if (other !== own) touching[own * labels + other]! += cells / totals[own]!;
  }
  for (let a = 0; a < labels; a++)
    for (let b = 0; b < a; b++) {
      const [ab, ba] = [touching[a * labels + b]!, touching[b * labels + a]!];
      touching[a * labels + b] = touching[b * labels + a] = totals[a]! < totals[b]! ? ab : ba;
    }
  return touching;
}

/** The square of a cell, by its number. One more column on either side keeps the ends of rows from being neighbours. */
function squares(layout: Float32Array): (cell: number) => number {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  layout.forEach((place, i) => {
    low[i % 2] = Math.min(low[i % 2]!, place);
    high[i % 2] = Math.max(high[i % 2]!, place);
  });
  const side = Math.max(high[0]! - low[0]!, high[1]! - low[1]!, 1e-9) / SQUARES;
  const along = (cell: number, axis: 0 | 1): number =>
    Math.min(SQUARES - 1, Math.floor((layout[2 * cell + axis]! - low[axis]!) / side));
  return (cell) => along(cell, 1) * ROW + along(cell, 0) + 1;
}
const ROW = SQUARES + 2;

function labelsAround(counts: ReadonlyMap<number, ReadonlyMap<number, number>>, square: number): ReadonlySet<number> {
  const around = new Set<number>();
  for (const down of [-ROW, 0, ROW])
    for (const right of [-1, 0, 1])
      for (const label of counts.get(square + down + right)?.keys() ?? []) around.add(label);
  return around;
}
