import { describe, expect, test } from 'vitest';
import { columnTexts } from '#core/data/column';
import { rowSums, transpose } from '#core/data/csr-matrix';
import type { StudyInMemory } from '#core/data/study';
import { simulatedLabels } from '#core/simulate/label-programmes';
import { simulatePair } from '#core/simulate/simulate-pair';

const small = { seed: 7, genes: 300, peaks: 300, referenceCells: 400, queryCells: 400 };
const pair = simulatePair(small);

describe('simulatePair', () => {
  test('gives the same studies for the same seed and others for another seed', () => {
    expect(simulatePair(small)).toEqual(pair);
    expect(simulatePair({ ...small, seed: 8 }).reference.matrix.values).not.toEqual(pair.reference.matrix.values);
  });

  test('does not move the reference when only the query changes in its counts', () => {
    const other = simulatePair({ ...small, peakSignal: 0.2 });
    expect(other.reference).toEqual(pair.reference);
    expect(other.query).toEqual(pair.query);
    expect(other.queryPeaks.matrix.values.length).not.toBe(pair.queryPeaks.matrix.values.length);
  });

  test('draws labels in their shares, and leaves the novel one out of the reference', () => {
    simulatedLabels.forEach(({ name, share }) => {
      const cells = pair.truth.query.filter((label) => label === name).length;
      expect(Math.abs(cells - share * 400)).toBeLessThan(1);
    });
    expect(pair.truth.novel).toBe('Fjord');
    expect(pair.truth.reference).not.toContain('Fjord');
    expect(new Set(pair.truth.reference).size).toBe(7);
    expect(simulatePair({ ...small, novelLabel: false }).truth.reference).toContain('Fjord');
  });

  test('writes the labels into cell_type and true_label only', () => {
    expect([...pair.reference.cells.columns.keys()]).toEqual(['cell_type']);
    expect(columnTexts(pair.reference.cells.columns.get('cell_type')!)).toEqual(pair.truth.reference);
    expect([...pair.query.cells.columns.keys()]).toEqual(['true_label']);
    expect(columnTexts(pair.query.cells.columns.get('true_label')!)).toEqual(pair.truth.query);
    expect(pair.queryPeaks.cells.columns.size).toBe(0);
    expect(pair.queryPeaks.cells.ids).toEqual(pair.query.cells.ids);
  });

  test('raises planted genes in their label, more in expression than in activity', () => {
    for (const label of ['Cedar', 'Dune', 'Amber 1']) {
      const planted = pair.truth.markers[label]!;
      const inReference = foldChange(pair.reference, pair.truth.reference, label, planted);
      const follow = planted.filter((gene) => !pair.truth.uninformative.includes(gene));
      const inQuery = foldChange(pair.query, pair.truth.query, label, follow);
      expect(inReference).toBeGreaterThan(2.5);
      expect(inQuery).toBeGreaterThan(1.3);
      expect(inQuery).toBeLessThan(inReference);
    }
  });

  test('makes the labels of a close pair share planted genes, others hardly', () => {
    const shared = (a: string, b: string): number => {
      const second = new Set(pair.truth.markers[b]);
      return pair.truth.markers[a]!.filter((gene) => second.has(gene)).length / pair.truth.markers[a]!.length;
    };
    for (const [first, second] of pair.truth.closePairs) expect(shared(first, second)).toBe(1);
    expect(shared('Cedar', 'Dune')).toBeLessThan(0.4);
  });

  test('sequences the query less deeply than the reference', () => {
    const mean = (sums: Float64Array): number => sums.reduce((a, b) => a + b, 0) / sums.length;
    expect(mean(rowSums(pair.query.matrix))).toBeLessThan(0.8 * mean(rowSums(pair.reference.matrix)));
  });

  test('draws counts that vary more than Poisson ones within a label', () => {
    const cells = pair.truth.reference.flatMap((label, cell) => (label === 'Amber 1' ? [cell] : []));
    const without = simulatePair({ ...small, dispersion: 0 });
    expect(dispersion(pair.reference, cells)).toBeGreaterThan(dispersion(without.reference, cells) + 0.05);
  });

  test('holds sparse rows of whole counts with rising columns', () => {
    for (const { matrix } of [pair.reference, pair.query, pair.queryPeaks]) {
      expect(matrix.values.every((value) => Number.isInteger(value) && value > 0)).toBe(true);
      for (let row = 0; row < matrix.rows; row++) {
        for (let p = matrix.indptr[row]! + 1; p < matrix.indptr[row + 1]!; p++) {
          expect(matrix.indices[p]! > matrix.indices[p - 1]!).toBe(true);
        }
      }
    }
  });

  test('names genes and cells uniquely', () => {
    for (const { cells, features } of [pair.reference, pair.query, pair.queryPeaks]) {
      expect(new Set(cells.ids).size).toBe(cells.ids.length);
      expect(new Set(features.ids).size).toBe(features.ids.length);
    }
  });

  test.each([
    [{ genes: 5 }, 'genes is 5'],
    [{ referenceCells: 10.5 }, 'referenceCells is 10.5'],
    [{ gap: -1 }, 'gap is -1'],
    [{ dispersion: NaN }, 'dispersion is NaN'],
  ])('refuses %o', (options, message) => {
    expect(() => simulatePair(options)).toThrow(message);
  });
});

/** Mean depth-corrected count of the genes inside the label over that in all other cells. */
function foldChange(study: StudyInMemory, labels: readonly string[], label: string, genes: readonly string[]): number {
  const depth = rowSums(study.matrix);
  const wanted = new Set(genes);
  const sums = { inside: 0, outside: 0 };
  const cells = { inside: 0, outside: 0 };
  for (let row = 0; row < study.matrix.rows; row++) {
    const side = labels[row] === label ? 'inside' : 'outside';
    cells[side]++;
    for (let p = study.matrix.indptr[row]!; p < study.matrix.indptr[row + 1]!; p++) {
      if (wanted.has(study.features.ids[study.matrix.indices[p]!]!))
        sums[side] += study.matrix.values[p]! / depth[row]!;
    }
  }
  return sums.inside / cells.inside / (sums.outside / cells.outside);
}

/** Median over genes with a mean above 1 of (variance − mean)/mean² in the named cells; contains the spread of depth. */
function dispersion(study: StudyInMemory, cells: readonly number[]): number {
  const columns = transpose(study.matrix);
  const chosen = new Set(cells);
  const found: number[] = [];
  for (let gene = 0; gene < columns.rows; gene++) {
    let sum = 0;
    let squares = 0;
    for (let p = columns.indptr[gene]!; p < columns.indptr[gene + 1]!; p++) {
      if (!chosen.has(columns.indices[p]!)) continue;
      sum += columns.values[p]!;
      squares += columns.values[p]! ** 2;
    }
    const mean = sum / cells.length;
    const variance = (squares - sum * mean) / (cells.length - 1);
    if (mean > 1) found.push((variance - mean) / mean ** 2);
  }
  return found.toSorted((a, b) => a - b)[Math.floor(found.length / 2)]!;
}
