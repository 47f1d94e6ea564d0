import { describe, expect, test } from 'vitest';
import { rowSums, transpose } from '#core/data/csr-matrix';
import type { StudyInMemory } from '#core/data/study';
import { simulatedLabels } from '#core/simulate/label-programmes';
import { simulatePair } from '#core/simulate/simulate-pair';
import type { SimulatedPair, SimulationOptions } from '#core/simulate/simulated-pair';
import { programmeName, simulatedGeneSets } from '#core/simulate/simulated-gene-sets';

const small = { seed: 7, genes: 300, peaks: 300, referenceCells: 400, queryCells: 400 };
const standard = simulatePair(small);
const twisted = (twist: Partial<SimulationOptions>): SimulatedPair => simulatePair({ ...small, ...twist });

describe('a twist', () => {
  test('that names the standard value changes no bit', () => {
    const named = twisted({
      blend: 0.6,
      attenuation: 0.6 - 0.15 * 0.7,
      bias: 0.7,
      uninformative: 0.35 * 0.7,
      ambient: 0,
      queryDepth: -0.7,
      shuffledPeaks: false,
      queryModality: 'gene-activity',
      queryShares: simulatedLabels.map(({ share }) => share),
    });
    expect(named.reference).toEqual(standard.reference);
    expect(named.query).toEqual(standard.query);
    expect(named.queryPeaks).toEqual(standard.queryPeaks);
    expect(named.truth).toEqual(standard.truth);
  });

  test.each([{ bias: 1.5 }, { attenuation: 0.1 }, { uninformative: 0.9 }, { ambient: 1 }, { queryDepth: -2 }])(
    '%o of the query leaves reference and peaks in place',
    (twist) => {
      const { reference, query, queryPeaks } = twisted(twist);
      expect(reference).toEqual(standard.reference);
      expect(query.matrix.values).not.toEqual(standard.query.matrix.values);
      if (!('queryDepth' in twist)) expect(queryPeaks).toEqual(standard.queryPeaks);
    },
  );

  test('of the shares sets how often each label occurs, and which one is novel', () => {
    const { truth } = twisted({ queryShares: [1, 1, 0, 0, 0, 0, 0, 2], referenceShares: [3, 1, 0, 0, 0, 0, 0, 0] });
    const counts = (labels: readonly string[]): Record<string, number> =>
      Object.fromEntries([...new Set(labels)].map((name) => [name, labels.filter((own) => own === name).length]));
    expect(counts(truth.query)).toEqual({ 'Amber 1': 100, 'Amber 2': 100, Fjord: 200 });
    expect(counts(truth.reference)).toEqual({ 'Amber 1': 300, 'Amber 2': 100 });
    expect(truth.labels).toEqual(['Amber 1', 'Amber 2', 'Fjord']);
    expect(truth.novel).toBe('Fjord');
    expect(truth.closePairs).toEqual([['Amber 1', 'Amber 2']]);
  });

  test('of the blend brings close pairs nearer or apart', () => {
    const apart = (blend: number): number => {
      const { reference, truth } = twisted({ blend });
      const [a, b] = truth.closePairs[0]!;
      return profileDistance(reference, truth.reference, a, b);
    };
    expect(apart(0.9)).toBeGreaterThan(apart(0.3)); // own effects weigh more, on top of what is shared
  });

  test('of the attenuation sets how much of a programme is left in the query', () => {
    const raised = (attenuation: number): number => {
      const { query, truth } = twisted({ attenuation, uninformative: 0 });
      return foldChange(query, truth.query, 'Cedar', truth.markers['Cedar']!);
    };
    expect(raised(1)).toBeGreaterThan(1.5 * raised(0.3));
    expect(Math.abs(raised(0) - 1)).toBeLessThan(0.25);
  });

  test('of the bias spreads the ratio of query to reference over genes', () => {
    const spread = (bias: number): number => {
      const { reference, query } = twisted({ bias, attenuation: 1, uninformative: 0, queryDepth: 0 });
      const [a, b] = [geneMeans(reference), geneMeans(query)];
      const logs = Array.from(a, (mean, gene) => Math.log((b[gene]! + 0.01) / (mean + 0.01)));
      const middle = logs.reduce((sum, x) => sum + x, 0) / logs.length;
      return Math.sqrt(logs.reduce((sum, x) => sum + (x - middle) ** 2, 0) / logs.length);
    };
    expect(spread(0)).toBeLessThan(0.3);
    expect(Math.abs(spread(1.2) - 1.2)).toBeLessThan(0.25);
  });

  test('of the background adds its mean to every gene of the query', () => {
    const without = geneMeans(standard.query);
    const added = geneMeans(twisted({ ambient: 2 }).query).map((mean, gene) => mean - without[gene]!);
    const mean = added.reduce((sum, x) => sum + x, 0) / added.length;
    const depth = Math.exp(-0.7 + 0.4 ** 2 / 2);
    expect(Math.abs(mean / (2 * depth) - 1)).toBeLessThan(0.25); // 300 exponential numbers: 6 % standard error
  });

  test('of the depth scales the query', () => {
    const mean = (study: StudyInMemory): number => rowSums(study.matrix).reduce((a, b) => a + b, 0);
    expect(mean(twisted({ queryDepth: -1.7 }).query) / mean(standard.query)).toBeCloseTo(Math.exp(-1), 1);
  });

  test('that shuffles the peaks leaves them without a trace of the labels', () => {
    const told = (pair: SimulatedPair): number =>
      profileDistance(pair.queryPeaks, pair.truth.query, 'Basalt 1', 'Amber 1');
    expect(told(twisted({ shuffledPeaks: true }))).toBeLessThan(0.6 * told(standard)); // what is left is chance
  });

  test('of the modality names the query so', () => {
    const { query } = twisted({ queryModality: 'rna' });
    expect(query.modality).toBe('rna');
    expect(query.matrix).toEqual(standard.query.matrix);
  });
});

describe('expression drawn through gene sets', () => {
  const through = twisted({ geneSets: 12, setSize: 20, setActivity: 1 });

  test('has labels that raise the genes of their own set', () => {
    const { truth } = through;
    expect(truth.geneSets).toHaveLength(12);
    expect([...truth.markers['Cedar']!].sort()).toEqual([...truth.geneSets[4]!].sort());
    expect(truth.geneSets.every((set) => set.length === 20)).toBe(true);
    expect(standard.truth.geneSets).toEqual([]);
  });

  test('has genes of a set go up and down together', () => {
    const genes = new Map(through.reference.features.ids.map((id, place) => [id, place]));
    const own = through.truth.geneSets[11]!.map((gene) => genes.get(gene)!);
    const others = through.reference.features.ids.map((_, gene) => gene).filter((gene) => !own.includes(gene));
    const still = twisted({ geneSets: 12, setSize: 20, setActivity: 0 });
    const shared = (pair: SimulatedPair): number => correlationOfHalves(pair.reference, own);
    expect(shared(through)).toBeGreaterThan(shared(still) + 0.2);
    expect(shared(through)).toBeGreaterThan(correlationOfHalves(through.reference, others.slice(0, 20)));
  });

  test('gives those sets as its library, named by what they are', () => {
    const { sets } = simulatedGeneSets(through);
    expect(sets).toHaveLength(12);
    const own = sets.find(({ name }) => name === programmeName('Cedar'))!;
    expect(own.genes).toEqual(through.truth.geneSets[4]);
    expect(sets.filter(({ name }) => name.startsWith('SHARED_SET_'))).toHaveLength(4);
  });
});

test.each([
  [{ bias: -1 }, 'bias is -1, needed is 0 to 3'],
  [{ blend: 2 }, 'blend is 2, needed is 0 to 1'],
  [{ queryShares: [1, 2] }, 'queryShares is [1, 2], needed are 8 shares'],
  [{ referenceShares: [0, 0, 0, 0, 0, 0, 0, 0] }, 'one of them above'],
  [{ geneSets: 3 }, 'geneSets is 3, a whole number from 8'],
  [{ geneSets: 9, setSize: 400 }, 'setSize is 400, a whole number from 1 to the 300 genes'],
])('refuses %o', (options, message) => {
  expect(() => twisted(options)).toThrow(message);
});

function geneMeans({ matrix }: StudyInMemory): Float64Array {
  return rowSums(transpose(matrix)).map((sum) => sum / matrix.rows);
}

/** Mean depth-corrected value of some genes per cell. */
function shareOf({ matrix }: StudyInMemory, genes: ReadonlySet<number>): Float64Array {
  const depth = rowSums(matrix);
  return depth.map((all, cell) => {
    let sum = 0;
    for (let p = matrix.indptr[cell]!; p < matrix.indptr[cell + 1]!; p++) {
      if (genes.has(matrix.indices[p]!)) sum += matrix.values[p]!;
    }
    return all === 0 ? 0 : sum / all;
  });
}

function foldChange(study: StudyInMemory, labels: readonly string[], label: string, genes: readonly string[]): number {
  const wanted = new Set(genes.map((gene) => study.features.ids.indexOf(gene)));
  const shares = shareOf(study, wanted);
  const mean = (inside: boolean): number => {
    const cells = shares.filter((_, cell) => (labels[cell] === label) === inside);
    return cells.reduce((a, b) => a + b, 0) / cells.length;
  };
  return mean(true) / mean(false);
}

/** Mean absolute difference of the mean depth-corrected profiles of two labels, in units of their mean. */
function profileDistance({ matrix }: StudyInMemory, labels: readonly string[], a: string, b: string): number {
  const depth = rowSums(matrix);
  const profile = (label: string): Float64Array => {
    const out = new Float64Array(matrix.columns);
    const cells = labels.flatMap((own, cell) => (own === label ? [cell] : []));
    for (const cell of cells) {
      for (let p = matrix.indptr[cell]!; p < matrix.indptr[cell + 1]!; p++) {
        out[matrix.indices[p]!]! += matrix.values[p]! / depth[cell]! / cells.length;
      }
    }
    return out;
  };
  const [first, second] = [profile(a), profile(b)];
  return first.reduce((sum, value, gene) => sum + Math.abs(value - second[gene]!), 0);
}

/** Correlation over cells of what one half of the genes takes of a cell with what the other half takes. */
function correlationOfHalves(study: StudyInMemory, genes: readonly number[]): number {
  const half = genes.length / 2;
  const [x, y] = [shareOf(study, new Set(genes.slice(0, half))), shareOf(study, new Set(genes.slice(half)))];
  const centred = (values: Float64Array): Float64Array => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [u, v] = [centred(x), centred(y)];
  const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return product(u, v) / Math.sqrt(product(u, u) * product(v, v));
}
