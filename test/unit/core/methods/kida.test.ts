import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { AlignedPair } from '#core/data/aligned-pair';
import type { GeneSetLibrary } from '#core/data/gene-sets';
import { selectRows } from '#core/data/sparse-rows';
import { resolveSettings } from '#core/methods/list';
import { chooseGenes } from '#core/methods/kida/choose-genes';
import { kida } from '#core/methods/kida/index';
import { type KidaSettings, kidaSettings } from '#core/methods/kida/settings';
import { ALL_GENES, tokenMask } from '#core/methods/kida/token-mask';
import { scheduledRate } from '#core/methods/kida/training-step';
import type { TrainProgress } from '#core/train/method';
import { transferLabels } from '#core/transfer/transfer-labels';
import { simulatedPair } from '#test/support/simulated-pair';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const small = (changes: Partial<KidaSettings> = {}): KidaSettings =>
  kidaSettings.parse({
    width: 16,
    batchSize: 32,
    learningRate: 0.01,
    dropout: 0.1,
    teacherPasses: 1000,
    minTeacherSteps: 1,
    maxTeacherSteps: 4,
    studentFrom: 2,
    maxStudentSteps: 3,
    ...changes,
  });

/** The features that each of four labels raises in the simulated pair (one set each), and sets of features drawn at random. */
function planted(random: number): GeneSetLibrary {
  const draw = new Random(4);
  const own = Array.from({ length: 4 }, (_, label) => ({
    name: `planted ${label}`,
    genes: Array.from({ length: 25 }, (_, i) => `gene${label + 4 * i}`),
  }));
  const others = Array.from({ length: random }, (_, set) => ({
    name: `other ${set}`,
    genes: Array.from(draw.sample(200, 25), (gene) => `gene${gene}`),
  }));
  return { name: 'planted.gmt', sets: [...others, ...own] };
}

const context = (geneSets: GeneSetLibrary = planted(4)) => ({ seed: 7, geneSets, report: () => undefined });

describe('what is refused', () => {
  test('scenarios across modalities, with the reason', () => {
    for (const scenario of ['rna-atac', 'rna-atac-matched'] as const) {
      expect(() => resolveSettings(kida, scenario, 'recommended', {})).toThrow(
        `KIDA is not made for ${scenario}, because it takes reference and query to be measured in the same way`,
      );
    }
  });

  test('a run without gene sets, unless they are drawn at random', async () => {
    const { pair } = simulatedPair(3);
    const without = { seed: 7, report: () => undefined };
    await expect(kida.train(pair, small(), without)).rejects.toMatchObject({ code: 'training.gene-sets-needed' });
    const model = await kida.train(pair, small({ mask: 'random', tokens: 5 }), without);
    expect(model.notes!.map(({ severity }) => severity)).toContain('warning');
  });

  test('peaks, of which there are no gene sets, naming one; not where sets are drawn at random', async () => {
    const { pair } = simulatedPair(3);
    const peaks = { ...pair, features: pair.features.map((_, i) => (i < 150 ? `chr1:${i}00-${i}50` : `gene${i}`)) };
    await expect(kida.train(peaks, small(), context())).rejects.toThrow(
      'KIDA reads cells through gene sets, and 150 of 200 features here are peaks, such as chr1:000-050, which no gene set holds.',
    );
    await kida.train(peaks, small({ mask: 'random', tokens: 5 }), context());
  });

  test('gene sets that hold none of the features, naming both', async () => {
    const far = { name: 'far.gmt', sets: [{ name: 'far', genes: ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'] }] };
    await expect(kida.train(simulatedPair(3).pair, small(), context(far))).rejects.toThrow(
      'None of the 1 gene sets of far.gmt has at most 300 genes and at least 5 of the 200 features chosen here; features are named like gene0 here and like AAA there.',
    );
  });

  test('heads that do not divide the width', async () => {
    await expect(kida.train(simulatedPair(3).pair, small({ heads: 5 }), context())).rejects.toThrow(
      'The setting heads of KIDA is 5; allowed is a number that divides the width, 16.',
    );
  });
});

describe('the genes that are looked at', () => {
  const named = (names: readonly string[], pair: AlignedPair): AlignedPair => ({ ...pair, features: names });

  test('are those that tell labels apart, never mitochondrial or spiked-in ones', async () => {
    const { pair } = simulatedPair(3);
    const names = pair.features.map((name, j) => (j < 40 ? `MT-${name}` : j < 60 ? `ercc-${name}` : name));
    for (const geneChoice of ['anova', 'variable', 'all'] as const) {
      const chosen = await chooseGenes(named(names, pair), { geneChoice, genes: 30 });
      expect(chosen).toHaveLength(geneChoice === 'all' ? 140 : 30);
      expect(Math.min(...chosen)).toBeGreaterThanOrEqual(60);
      expect([...chosen]).toEqual([...chosen].sort((a, b) => a - b));
    }
  });

  test('are known for mitochondrial by their symbols too', async () => {
    const { pair } = simulatedPair(3);
    const names = pair.features.map((_, j) => `ENSG${String(j).padStart(11, '0')}.3`);
    const symbolOf = new Map(names.slice(0, 40).map((name, j) => [name.slice(0, -2), `MT-${j}`]));
    const chosen = await chooseGenes(named(names, pair), { geneChoice: 'all', genes: 20 }, { symbolOf });
    expect([chosen.length, chosen[0]]).toEqual([160, 40]);
  });

  test('are all of them where there are no more than asked for', async () => {
    expect(await chooseGenes(simulatedPair(3).pair, { geneChoice: 'anova', genes: 3000 })).toHaveLength(200);
  });
});

describe('the mask', () => {
  const genes = Array.from({ length: 40 }, (_, i) => `G${i}`);
  const set = (name: string, from: number, to: number, more = 0) => ({
    name,
    genes: [
      ...Array.from({ length: to - from }, (_, i) => `g${from + i}`),
      ...Array.from({ length: more }, (_, i) => `${name} elsewhere ${i}`),
    ],
  });
  const library = {
    name: 'a.gmt',
    sets: [set('large', 0, 20), set('tiny', 0, 3), set('huge', 0, 40), set('rich', 10, 18), set('poor', 0, 12, 20)],
  };
  const settings = kidaSettings.parse({ largestSet: 35, smallestSet: 5, tokens: 3 });

  test('leaves out large and small sets, keeps those with most genes in the order of the file, and ends with all genes', () => {
    const { names, starts, genes: links, columns } = tokenMask(genes, library, settings);
    expect(names).toEqual(['large', 'poor', ALL_GENES]);
    expect([...starts]).toEqual([0, 20, 32, 72]);
    expect([...links.subarray(20, 32)]).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(columns).toBe(40);
  });

  test('knows Ensembl ids by their symbols, of two with one symbol the first', () => {
    const ids = genes.map((_, i) => `ENSG${String(i).padStart(11, '0')}.2`);
    const symbolOf = new Map(ids.map((id, i) => [id.slice(0, -2), i === 1 ? 'G0' : genes[i]!]));
    const { names, starts, genes: links } = tokenMask(ids, { ...library, symbolOf }, { ...settings, tokens: 2 });
    expect(names).toEqual(['large', ALL_GENES]);
    expect([...links.subarray(0, starts[1])]).toEqual([0, ...Array.from({ length: 18 }, (_, i) => i + 2)]);
    const enriched = tokenMask(ids, { ...library, symbolOf }, { ...settings, setRanking: 'enriched', tokens: 2 });
    expect(enriched.names).toHaveLength(2);
  });

  test('by enrichment keeps sets that hold more of the genes than chance would give', () => {
    const few = Array.from({ length: 10 }, (_, i) => `G${i + 10}`);
    const { names } = tokenMask(few, library, { ...settings, setRanking: 'enriched', tokens: 2, smallestSet: 2 });
    expect(names).toEqual(['rich', ALL_GENES]);
  });
});

describe('rounds', () => {
  const run = async (settings: KidaSettings): Promise<{ seen: TrainProgress[]; notes: string[] }> => {
    const seen: TrainProgress[] = [];
    const model = await kida.train(simulatedPair(3).pair, settings, { ...context(), report: (p) => void seen.push(p) });
    return { seen, notes: model.notes!.map(({ text }) => text) };
  };

  test('are one of the teacher and one of the student, in the steps asked for', async () => {
    const { seen, notes } = await run(small());
    expect(seen.map(({ measures }) => measures!['round'])).toEqual([1, 1, 1, 1, 2, 2, 2]);
    expect(seen.at(-1)!.measures!['anchors']).toBeGreaterThanOrEqual(48); // 0.4 of 120 cells
    expect(notes.join(' ')).toContain('The student learned from');
  });

  test('end after the first where the query is small, or it was asked for, and the notes say so', async () => {
    const few = await run(small({ studentFrom: 1000 }));
    expect(few.seen).toHaveLength(4);
    expect(few.notes.join(' ')).toContain('the query has 120 cells, and it is done from 1000');
    const ki = await run(small({ secondRound: false }));
    expect(ki.notes.join(' ')).toContain('(KI)');
  });

  test('go over the balanced reference and the anchors as often as asked', async () => {
    // 160 cells of four labels, 0.3 held out: 28 of each label in training
    const { seen } = await run(
      small({ teacherPasses: 2, maxTeacherSteps: 1000, studentPasses: 3, maxStudentSteps: 1000 }),
    );
    expect(seen.filter(({ measures }) => measures!['round'] === 1)).toHaveLength(2 * Math.ceil(112 / 32));
    expect(seen.filter(({ measures }) => measures!['round'] === 2)).toHaveLength(3 * Math.ceil(48 / 32));
  });

  test('give a small reference the fewest steps of the teacher, but no more than the most', async () => {
    const passes = { teacherPasses: 1, secondRound: false, minTeacherSteps: 9 };
    expect((await run(small({ ...passes, maxTeacherSteps: 1000 }))).seen).toHaveLength(9);
    expect((await run(small({ ...passes, maxTeacherSteps: 2 }))).seen).toHaveLength(2);
  });

  test('count the shares of the labels after the first, and neither where that is off nor where labels are drawn as they come', async () => {
    const { pair } = simulatedPair(3);
    const rows = Int32Array.from(pair.reference.label.keys()).filter(
      (row) => pair.reference.label[row] !== 0 || row % 8 === 0,
    );
    const uneven: AlignedPair = {
      ...pair,
      reference: {
        ...pair.reference,
        cells: Array.from(rows, (row) => pair.reference.cells[row]!),
        counts: selectRows(pair.reference.counts, rows),
        input: selectRows(pair.reference.input, rows),
        label: rows.map((row) => pair.reference.label[row]!),
      },
    };
    const biases = async (changes: Partial<KidaSettings>) => {
      const settings = small({ secondRound: false, calibration: false, ...changes });
      const model = await kida.train(uneven, settings, context());
      return { bias: [...model.save().arrays['classifierBias']!.values], notes: JSON.stringify(model.notes) };
    };
    const [on, off] = [await biases({}), await biases({ labelShares: false })];
    expect(on.notes).toMatch(/their shares in the reference were then counted with strength [\d.]+,/);
    expect(off.notes).not.toContain('shares in the reference');
    expect((await biases({ balance: false })).notes).not.toContain('shares in the reference');
    const strength = Number(/strength ([\d.]+),/.exec(on.notes)![1]);
    const cells = [0, 1, 2, 3].map((k) => uneven.reference.label.filter((label) => label === k).length);
    const apart = on.bias.map((value, k) => value - off.bias[k]!);
    expect(apart[1]! - apart[0]!).toBeCloseTo(strength * Math.log(cells[1]! / cells[0]!), 4);
  });

  test('leave out terms of weight 0 and have those of the released code where asked', async () => {
    const without = await run(small({ clusteringWeight: 0 }));
    expect(without.seen.every(({ terms }) => !('clustering' in terms))).toBe(true);
    const code = await run(small({ meanEntropyWeight: 0.3, teacherClusteringWeight: 0.7, clusteringForm: 'code' }));
    expect(Object.keys(code.seen[0]!.terms)).toEqual(['classification', 'entropy', 'clustering', 'total']);
  });

  test('follow the learning rate of the released code where asked', () => {
    const settings = { learningRate: 0.001, schedule: 'cosine' } as const;
    const rates = [0, 1, 2].map((pass) => scheduledRate(settings, pass, 3) / 0.001);
    const factors = [1, 0.7525, 0.2575]; // ((1 + cos(πe/3))/2)·0.99 + 0.01
    rates.forEach((rate, i) => expect(rate).toBeCloseTo(factors[i]!, 12));
    expect(scheduledRate({ ...settings, schedule: 'constant' }, 2, 3)).toBe(0.001);
  });
});

describe('what a model says', () => {
  test('finds the planted gene set of each label among its ten strongest of 44, and names genes of it', async () => {
    const { pair, truth } = simulatedPair(3, { reference: 240, query: 240 });
    const settings = small({
      schedule: 'constant',
      maxTeacherSteps: 300,
      batchSize: 16,
      secondRound: false,
      dropout: 0.5,
      validationShare: 0.1,
    });
    const model = await kida.train(pair, settings, context(planted(40)));
    const { query } = await transferLabels(model, pair);
    const right = query.predicted.filter((label, cell) => label === truth[cell]).length;
    expect(right / truth.length).toBeGreaterThan(0.8);
    const { patterns, keyGenes, details } = await model.patterns!(pair.query, query.predicted);
    expect(details.networks.map(({ label }) => label)).toEqual(model.labels);
    for (const { label, genes, edges, linkedFrom } of details.networks) {
      const key = keyGenes.filter((gene) => gene.label === label);
      expect(genes.slice(0, 4).map(({ gene, q }) => [gene, q])).toEqual(key.map(({ gene, q }) => [gene, q]));
      for (const { from, to, cosine } of edges) {
        expect(from).toBeLessThan(to);
        expect(to).toBeLessThan(genes.length);
        expect(cosine).toBeGreaterThanOrEqual(linkedFrom);
      }
    }
    for (const { label, set, cells } of details.attention) {
      const best = patterns.find((pattern) => pattern.label === label)!;
      expect(set).toBe(best.set);
      const own = cells.filter((_, cell) => model.labels[query.predicted[cell]!] === label);
      expect(own.reduce((sum, value) => sum + value, 0) / own.length).toBeCloseTo(best.attention, 6);
    }
    for (const [k, label] of model.labels.entries()) {
      const own = patterns.filter((pattern) => pattern.label === label);
      expect(own.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      const found = own.find(({ set }) => set === `planted ${k}`);
      expect(found, label).toBeDefined();
      for (const gene of found!.genes) expect(Number(gene.slice(4)) % 4).toBe(k);
      const genes = keyGenes.filter((gene) => gene.label === label);
      expect(genes.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
      expect(genes.every(({ q }, i) => q > 0 && q <= 1 && (i === 0 || q >= genes[i - 1]!.q))).toBe(true);
    }
  }, 180_000);

  test('tells of no gene sets where tokens are mixtures of sets', async () => {
    const { pair } = simulatedPair(3);
    const model = await kida.train(pair, small({ tokenLayout: 'interleaved' }), context());
    expect(await model.patterns!(pair.query, new Int32Array(120))).toEqual({
      ...{ patterns: [], keyGenes: [], details: { attention: [], networks: [] } },
    });
  });

  test('scales a large study by itself and a small one by the reference', async () => {
    const { pair } = simulatedPair(3);
    const shifted = { ...pair.query, shift: new Float32Array(200).fill(2) }; // the same study, every value 2 higher
    const own = await kida.train(pair, small({ ownScaleFrom: 100 }), context());
    const given = await own.apply(pair.query);
    const higher = await own.apply(shifted);
    higher.probabilities.forEach((p, i) => expect(p).toBeCloseTo(given.probabilities[i]!, 4));
    const ofReference = await kida.train(pair, small({ ownScaleFrom: 1000 }), context());
    expect((await ofReference.apply(shifted)).probabilities).not.toEqual(
      (await ofReference.apply(pair.query)).probabilities,
    );
  });
});

test('presets: KI has no second round, the paper its sizes, the released code its tokens and losses', () => {
  expect(resolveSettings(kida, 'rna-rna', 'ki', {})).toMatchObject({ secondRound: false });
  expect(resolveSettings(kida, 'rna-rna', 'paper', {})).toMatchObject({
    width: 128,
    depth: 4,
    heads: 8,
    student: 'fresh',
    minTeacherSteps: 1,
    labelShares: false,
  });
  expect(resolveSettings(kida, 'atac-atac', 'reproduce', {})).toMatchObject({
    tokenLayout: 'interleaved',
    optimiser: 'sgd',
    clusteringForm: 'code',
    distillationAverage: 'elements',
    minTeacherSteps: 1,
    labelShares: false,
  });
  expect(kida.threshold).toBe(0.7);
});
