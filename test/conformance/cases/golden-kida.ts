import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { chooseAnchors, entropies } from '#core/methods/kida/anchors';
import { geneNetwork } from '#core/methods/kida/interpret/gene-network';
import { centralityNames } from '#core/methods/kida/interpret/centralities';
import { rollout } from '#core/methods/kida/interpret/rollout';
import type { KidaParameters, NetworkShape } from '#core/methods/kida/network';
import { kidaSettings } from '#core/methods/kida/settings';
import { clustering, distillation, meanEntropy } from '#core/methods/kida/student-losses';
import { tokenBatch } from '#core/methods/kida/token-batch';
import type { TokenMask } from '#core/methods/kida/token-mask';
import { forward } from '#core/methods/kida/transformer';
import { crossEntropy, oneHotRows } from '#core/train/losses/cross-entropy';
import { expectClose, golden, type Nested } from '#test/support/golden';
import { computed, type TestedEngine, tolerances } from '../engines.ts';

type Rows = number[][];

const network = golden<{
  inputs: {
    X: Rows;
    y: number[];
    mask: Rows;
    heads: number;
    depth: number;
    embed_dim: number;
    parameters: Record<string, number[] | Rows>;
  };
  expected: Record<
    'pathway_major' | 'reference_interleaved',
    {
      ce: number;
      logits: Rows;
      cls_embedding: Rows;
      rollout: Rows;
      layer0_attention_cell0: number[][][];
      gradients: Record<string, number[] | Rows>;
    }
  >;
}>('kida_forward');

/** Our name of each parameter of a block of the file; matrices are turned. */
const ofBlock: Readonly<Record<string, string>> = {
  n1g: 'Norm1Scale',
  n1b: 'Norm1Shift',
  qkvW: 'Attention',
  qkvB: 'AttentionBias',
  pW: 'Projection',
  pB: 'ProjectionBias',
  n2g: 'Norm2Scale',
  n2b: 'Norm2Shift',
  f1W: 'Hidden',
  f1B: 'HiddenBias',
  f2W: 'Output',
  f2B: 'OutputBias',
};
const others: Readonly<Record<string, string>> = {
  cls: 'classToken',
  ng: 'normScale',
  nb: 'normShift',
  headW: 'classifier',
  headB: 'classifierBias',
};
const ourName = (name: string): string => {
  const block = /^b(\d)_(.+)$/.exec(name);
  return block === null ? others[name]! : `block${block[1]}${ofBlock[block[2]!]}`;
};
const turned = (rows: Rows): Rows => rows[0]!.map((_, j) => rows.map((row) => row[j]!));
const isRows = (values: number[] | Rows): values is Rows => Array.isArray(values[0]);

/** The mask of the file as links between tokens and genes. */
function maskOfFile(): TokenMask {
  const { mask } = network.inputs;
  const sets = turned(mask).map((column) => [...column.keys()].filter((gene) => column[gene] === 1));
  const starts = Int32Array.from([0, ...sets.map((_, j) => sets.slice(0, j + 1).flat().length)]);
  return { names: sets.map((_, j) => `set ${j}`), starts, genes: Int32Array.from(sets.flat()), columns: mask.length };
}

/** Rows of the links of a token-by-gene table [J·h, G] as the file has it. */
function linkRows(table: Rows, mask: TokenMask, h: number): Rows {
  return Array.from(mask.genes, (gene, link) => {
    const token = mask.starts.findLastIndex((start) => start <= link);
    return Array.from({ length: h }, (_, k) => table[token * h + k]![gene]!);
  });
}

function tensorsOfFile(mask: TokenMask): KidaParameters {
  const { parameters, embed_dim: h } = network.inputs;
  const tensors: Record<string, tf.Tensor> = {
    links: tf.tensor2d(linkRows(parameters['fe_W'] as Rows, mask, h)),
    tokenBias: tf.tensor(Float32Array.from(parameters['fe_b'] as number[]), [mask.names.length, h]),
  };
  for (const [name, values] of Object.entries(parameters)) {
    if (name.startsWith('fe_')) continue;
    tensors[ourName(name)] = isRows(values) ? tf.tensor2d(turned(values)) : tf.tensor1d(values);
  }
  return tensors as KidaParameters;
}

/** Network, losses, anchors and the gene network of KIDA equal the expected values. */
export function goldenKidaCases(engine: TestedEngine): void {
  const { golden: tolerance } = tolerances[engine];
  const close = (found: ArrayLike<number>, wanted: Nested, what: string): void =>
    expectClose(found, wanted, what, tolerance);

  test.each([
    ['by-set', 'pathway_major'],
    ['interleaved', 'reference_interleaved'],
  ] as const)(
    'the network with tokens %s: logits, embedding, attention, rollout, loss and derivatives',
    async (layout, key) => {
      const { X, y, heads, depth, embed_dim: h } = network.inputs;
      const wanted = network.expected[key];
      const mask = maskOfFile();
      const shape: NetworkShape = { width: h, depth, heads, layout };
      const [n, G] = [X.length, X[0]!.length];
      const matrix = {
        rows: n,
        columns: G,
        indptr: Float64Array.from({ length: n + 1 }, (_, i) => i * G),
        indices: Uint32Array.from({ length: n * G }, (_, p) => p % G),
        values: Float32Array.from(X.flat()),
      };
      const batch = tokenBatch(mask, { matrix, rows: Int32Array.from(X.keys()) });
      let names: string[] = [];
      const found = await computed(engine, () => {
        const parameters = tensorsOfFile(mask);
        names = Object.keys(parameters);
        const { logits, embedding, attention } = forward(parameters, shape, batch, null);
        const loss = (...values: tf.Tensor[]): tf.Scalar => {
          const given = Object.fromEntries(names.map((name, i) => [name, values[i]!])) as KidaParameters;
          return crossEntropy(forward(given, shape, batch, null).logits, oneHotRows(y, wanted.logits[0]!.length));
        };
        const { value, grads } = tf.valueAndGrads(loss)(Object.values(parameters));
        return [logits, embedding, attention[0]!, rollout(attention), value, ...grads];
      });
      const [logits, embedding, attention, paths, ce, ...grads] = found;
      close(logits!, wanted.logits, 'logits');
      close(embedding!, wanted.cls_embedding, 'embedding');
      const firstCell = wanted.layer0_attention_cell0.flat(2).length;
      close(attention!.slice(0, firstCell), wanted.layer0_attention_cell0, 'attention');
      close(paths!, wanted.rollout, 'rollout');
      close(ce!, wanted.ce, 'loss');
      const gradient = (name: string): ArrayLike<number> => grads[names.indexOf(name)]!;
      const { fe_W: dLinks, fe_b: dBias, ...rest } = wanted.gradients;
      close(gradient('links'), linkRows(dLinks as Rows, mask, h), 'links');
      close(gradient('tokenBias'), dBias!, 'token bias');
      for (const [name, values] of Object.entries(rest)) {
        close(gradient(ourName(name)), isRows(values) ? turned(values) : values, name);
      }
    },
  );

  const losses = golden<{
    inputs: { student_logits: Rows; teacher_logits: Rows; embedding: Rows; T: number; alpha: number; beta: number };
    expected: {
      kd: {
        kl_teacher_student_mean_over_cells: number;
        dstudent: Rows;
        torch_mean_over_all_elements: number;
        kl_student_teacher_mean_over_cells: number;
      };
      adaptive_clustering_paper: { loss: number; dlogits: Rows; dembedding: Rows };
      'adaptive_clustering_code_weight_0.7': { loss: number; dlogits: Rows; dembedding_with_sigma_stopped: Rows };
      entropy_of_mean_probability: { value: number; dlogits: Rows };
      student_total_paper: { loss: number; dlogits: Rows; dembedding: Rows };
      anchors: { probabilities: Rows; entropy: number[]; predicted: number[]; kept: number[] };
    };
  }>('kida_losses');

  const {
    student_logits: student,
    teacher_logits: teacher,
    embedding: space,
    T: temperature,
    alpha,
    beta,
  } = losses.inputs;
  const settings = kidaSettings.parse({ temperature });

  /** Value and derivatives with respect to logits and embedding. */
  const derived = async (
    loss: (logits: tf.Tensor2D, embedding: tf.Tensor2D) => tf.Scalar,
  ): Promise<{ value: number; dLogits: ArrayLike<number>; dEmbedding: ArrayLike<number> }> => {
    const [value, dLogits, dEmbedding] = await computed(engine, () => {
      const of = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => {
        // both take part, so that an input a loss does not use has derivative 0
        const none = tf.mul(tf.add(tf.sum(a), tf.sum(b)), 0);
        return tf.add(loss(a as tf.Tensor2D, b as tf.Tensor2D), none);
      };
      const found = tf.valueAndGrads(of as (...x: tf.Tensor[]) => tf.Scalar)([
        tf.tensor2d(student),
        tf.tensor2d(space),
      ]);
      return [found.value, ...found.grads];
    });
    return { value: value![0]!, dLogits: dLogits!, dEmbedding: dEmbedding! };
  };

  test('distillation in both directions and both averages', async () => {
    const { kd } = losses.expected;
    const found = await derived((s) => distillation(s, tf.tensor2d(teacher), settings));
    close([found.value], kd.kl_teacher_student_mean_over_cells, 'from the teacher');
    close(found.dLogits, kd.dstudent, 'derivative');
    const value = async (changes: Partial<typeof settings>): Promise<number> =>
      (await derived((s) => distillation(s, tf.tensor2d(teacher), { ...settings, ...changes }))).value;
    close([await value({ distillationAverage: 'elements' })], kd.torch_mean_over_all_elements, 'elements');
    close([await value({ distillationDirection: 'from-student' })], kd.kl_student_teacher_mean_over_cells, 'student');
  });

  test('adaptive clustering as in the paper and in the code, the entropy of the mean, and the total of the student', async () => {
    const { expected } = losses;
    const paper = await derived((s, c) => clustering(s, c, 'paper'));
    close([paper.value], expected.adaptive_clustering_paper.loss, 'paper');
    close(paper.dLogits, expected.adaptive_clustering_paper.dlogits, 'paper, logits');
    close(paper.dEmbedding, expected.adaptive_clustering_paper.dembedding, 'paper, embedding');

    const ofCode = expected['adaptive_clustering_code_weight_0.7'];
    const code = await derived((s, c) => tf.mul(clustering(s, c, 'code'), 0.7));
    close([code.value], ofCode.loss, 'code');
    close(code.dLogits, ofCode.dlogits, 'code, logits');
    close(code.dEmbedding, ofCode.dembedding_with_sigma_stopped, 'code, embedding');

    const entropy = await derived((s) => meanEntropy(s));
    close([entropy.value], expected.entropy_of_mean_probability.value, 'entropy');
    close(entropy.dLogits, expected.entropy_of_mean_probability.dlogits, 'entropy, logits');

    const total = await derived((s, c) =>
      tf.add(tf.mul(distillation(s, tf.tensor2d(teacher), settings), alpha), tf.mul(clustering(s, c, 'paper'), beta)),
    );
    close([total.value], expected.student_total_paper.loss, 'total');
    close(total.dLogits, expected.student_total_paper.dlogits, 'total, logits');
    close(total.dEmbedding, expected.student_total_paper.dembedding, 'total, embedding');
  });

  test('anchors by the quantile of entropies', () => {
    const { probabilities, entropy, predicted, kept } = losses.expected.anchors;
    const flat = Float32Array.from(probabilities.flat());
    close(entropies(flat, 3), entropy, 'entropies');
    const { rows, perLabel } = chooseAnchors(flat, Int32Array.from(predicted), 3, 0.4, new Random(1));
    expect([...rows]).toEqual(kept);
    expect([...perLabel]).toEqual([0, 1, 2].map((k) => kept.filter((cell) => predicted[cell] === k).length));
  });

  test('the gene network: edges, five centralities, rank ratios, Q and the order of genes', () => {
    const { inputs, expected } = golden<{
      inputs: { gene_embeddings: Rows; threshold: number };
      expected: Record<'cosine' | 'adjacency' | 'rank_ratios', Rows> & {
        degree: number[];
        betweenness: number[];
        eigenvector: number[];
        pagerank: number[];
        closeness: number[];
        Q: number[];
        order_best_first: number[];
      };
    }>('kida_network');
    const genes = inputs.gene_embeddings.map((_, i) => `gene${i}`);
    const found = geneNetwork(genes, Float64Array.from(inputs.gene_embeddings.flat()), inputs.threshold);
    const edges = expected.adjacency.flatMap((row, i) =>
      row.flatMap((linked, j) => (linked === 1 && i < j ? [[i, j]] : [])),
    );
    expect(found.edges.map(({ from, to }) => [from, to])).toEqual(edges);
    for (const { from, to, cosine } of found.edges) expect(cosine).toBeCloseTo(expected.cosine[from]![to]!, 12);
    for (const name of centralityNames) expectClose(found.centralities[name], expected[name], name, 1e-9);
    expectClose(found.rankRatios, expected.rank_ratios, 'rank ratios', 1e-12);
    expectClose(found.q, expected.Q, 'Q', 1e-9);
    expect(found.order).toEqual(expected.order_best_first);
  });
}
