import { Random } from '../../base/random.ts';

/** Cells of a label that are kept whatever its share. */
const KEPT_PER_LABEL = 50;

/**
 * Reference cells to work with: all where there are at most `most`, else a random part of each label in proportion to its
 * size, of small labels all cells or 50. Rising; same seed, same cells.
 * @param label [cells] number of each cell's label
 */
export function referencePart(label: Int32Array, labels: number, most: number, seed: number): Int32Array {
  if (label.length <= most) return Int32Array.from(label.keys());
  const random = Random.forPurpose(seed, 'reference part');
  const byLabel = Array.from({ length: labels }, (): number[] => []);
  label.forEach((k, cell) => byLabel[k]!.push(cell));
  const kept = byLabel.flatMap((cells) => {
    const share = Math.round((most * cells.length) / label.length);
    const count = Math.min(cells.length, Math.max(share, KEPT_PER_LABEL));
    return Array.from(random.sample(cells.length, count), (i) => cells[i]!);
  });
  return Int32Array.from(kept).sort();
}
