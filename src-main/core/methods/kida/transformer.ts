import * as tf from '@tensorflow/tfjs-core';
import { csrMatMul } from '../../train/csr-mat-mul.ts';
import { linear } from '../../train/mat-mul-fast.ts';
import type { Dropout } from './dropout.ts';
import type { KidaParameters, NetworkShape } from './network.ts';
import { normalised } from './normalised.ts';
import type { TokenBatch } from './token-batch.ts';

/** What the network makes of some cells. */
export interface Forward {
  /** [n, K] */
  readonly logits: tf.Tensor2D;
  /** [n, h] the class token after the last norm: the embedding of a cell */
  readonly embedding: tf.Tensor2D;
  /** Per block the attention weights [n, heads, rows, J + 1]; of the last block only the row of the class token. */
  readonly attention: readonly tf.Tensor4D[];
}

/**
 * The network: gene sets become tokens, a class token is put before them, and transformer blocks with the norm first follow,
 *
 *     x ← x + drop(Attention(LN(x))),   x ← x + drop(MLP(LN(x))),   MLP: h → 4h → h with exact GELU
 *
 * then a norm; the class token is the embedding and a linear layer gives the logits. Of the last block nothing but the class
 * token is used afterwards, so it is computed for that alone: one query instead of J + 1, the same numbers. Softmax weights are
 * scaled by 1/√(h/heads). There is no code for positions: a token is told by its own weights.
 *
 * Source: KIDA (Commun Biol 2024) and its released code, after TOSICA (doi:10.1038/s41467-023-35923-4).
 *
 * @param dropout null when the network is applied
 */
export function forward(
  parameters: KidaParameters,
  shape: NetworkShape,
  batch: TokenBatch,
  dropout: Dropout | null,
): Forward {
  const n = batch.cells;
  const T = batch.tokens + 1;
  const h = shape.width;
  const drop = <X extends tf.Tensor>(x: X): X => (dropout === null ? x : dropout.values(x));
  const classTokens = tf.add(tf.zeros([n, 1, h]), parameters.classToken);
  let x: tf.Tensor2D = tf.reshape(tf.concat([classTokens, tokensOf(parameters, shape, batch)], 1), [n * T, h]);
  const attention: tf.Tensor4D[] = [];

  for (let block = 0; block < shape.depth; block++) {
    const of = (name: string): tf.Tensor => parameters[`block${block}${name}`]!;
    const layerNorm = (input: tf.Tensor2D, which: 'Norm1' | 'Norm2'): tf.Tensor2D =>
      tf.add(tf.mul(normalised(input), of(`${which}Scale`)), of(`${which}Shift`));
    const last = block === shape.depth - 1;
    const found = attended(layerNorm(x, 'Norm1'), of, { n, T, h, heads: shape.heads, last }, dropout);
    attention.push(found.weights);
    if (last) x = classRows(x, n, T, h);
    const seen = linear(found.output, of('Projection') as tf.Tensor2D, of('ProjectionBias') as tf.Tensor1D);
    x = tf.add(x, dropPath(drop(seen), block, shape, n, dropout));
    const hidden = gelu(linear(layerNorm(x, 'Norm2'), of('Hidden') as tf.Tensor2D, of('HiddenBias') as tf.Tensor1D));
    const out = linear(drop(hidden), of('Output') as tf.Tensor2D, of('OutputBias') as tf.Tensor1D);
    x = tf.add(x, dropPath(drop(out), block, shape, n, dropout));
  }
  const embedding: tf.Tensor2D = tf.add(tf.mul(normalised(x), parameters.normScale), parameters.normShift);
  return { logits: linear(embedding, parameters.classifier, parameters.classifierBias), embedding, attention };
}

/**
 * Tokens of all cells, v_j = (W_j ⊙ mask_j) x + β_j: [n, J, h]. `interleaved` folds the same numbers as the released code does,
 * where number w of token t comes from place w·J + t of the flat vector and so from another gene set.
 */
function tokensOf(parameters: KidaParameters, { width: h, layout }: NetworkShape, batch: TokenBatch): tf.Tensor3D {
  const { cells: n, tokens: J, links, shifted } = batch;
  const product = csrMatMul(links, parameters.links);
  const ofCells: tf.Tensor3D = tf.reshape(tf.slice(product, [0, 0], [n * J, h]), [n, J, h]);
  const always = shifted ? tf.add(parameters.tokenBias, tf.slice(product, [n * J, 0], [J, h])) : parameters.tokenBias;
  const tokens: tf.Tensor3D = tf.add(ofCells, always);
  return layout === 'by-set' ? tokens : tf.transpose(tf.reshape(tokens, [n, h, J]), [0, 2, 1]);
}

interface Sizes {
  readonly n: number;
  readonly T: number;
  readonly h: number;
  readonly heads: number;
  /** Whether only the class token asks. */
  readonly last: boolean;
}

/** Attention of one block: output [rows, h] and weights [n, heads, rows per cell, T]. */
function attended(
  y: tf.Tensor2D,
  of: (name: string) => tf.Tensor,
  { n, T, h, heads, last }: Sizes,
  dropout: Dropout | null,
): { output: tf.Tensor2D; weights: tf.Tensor4D } {
  const d = h / heads;
  const [weights, bias] = [of('Attention') as tf.Tensor2D, of('AttentionBias') as tf.Tensor1D];
  const part = (input: tf.Tensor2D, from: number, width: number): tf.Tensor2D =>
    linear(input, tf.slice(weights, [0, from], [h, width]), tf.slice(bias, [from], [width]));
  const rows = last ? 1 : T;
  const queries = part(last ? classRows(y, n, T, h) : y, 0, h);
  // tensors of more than four axes are turned far more slowly
  const byHead = (from: number, order: number[]): tf.Tensor3D => {
    const turned = tf.transpose(tf.reshape(part(y, from, h), [n, T, heads, d]), order);
    return tf.reshape(turned, [n * heads, turned.shape[2]!, turned.shape[3]!]);
  };
  const k = byHead(h, [0, 2, 3, 1]); // [n·heads, d, T]
  const v = byHead(2 * h, [0, 2, 1, 3]); // [n·heads, T, d]
  const q: tf.Tensor3D = tf.reshape(tf.transpose(tf.reshape(queries, [n, rows, heads, d]), [0, 2, 1, 3]), [
    n * heads,
    rows,
    d,
  ]);
  const a: tf.Tensor3D = tf.softmax(tf.mul(tf.matMul(q, k), 1 / Math.sqrt(d)));
  const seen = tf.matMul(dropout === null ? a : dropout.values(a), v); // [n·heads, rows, d]
  const merged = tf.transpose(tf.reshape(seen, [n, heads, rows, d]), [0, 2, 1, 3]);
  return { output: tf.reshape(merged, [n * rows, h]), weights: tf.reshape(a, [n, heads, rows, T]) };
}

/** The class token of each cell: [n, h]. */
function classRows(x: tf.Tensor2D, n: number, T: number, h: number): tf.Tensor2D {
  return tf.reshape(tf.slice(tf.reshape(x, [n, T, h]), [0, 0, 0], [n, 1, h]), [n, h]);
}

/** Leaves out what a block adds for some cells, the more often the deeper the block: 0 for the first (and only) one. */
function dropPath(
  x: tf.Tensor2D,
  block: number,
  { depth, width }: NetworkShape,
  n: number,
  dropout: Dropout | null,
): tf.Tensor2D {
  if (dropout === null || block === 0 || dropout.path === 0) return x;
  const kept = dropout.paths(n, (dropout.path * block) / (depth - 1));
  const rows = x.shape[0] / n;
  return tf.reshape(tf.mul(tf.reshape(x, [n, rows, width]), tf.reshape(kept, [n, 1, 1])), [n * rows, width]);
}

/** x·Φ(x), Φ the normal distribution, without approximation. */
function gelu<X extends tf.Tensor>(x: X): X {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
