import { gzipSync } from 'node:zlib';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { RankLabeller, RankReference } from '#core/train/rank-labeller';
import type * as Scran from 'scran.js';
import { openScran } from '../neighbours/scran-session.ts';

/** SingleR of scran.js (singlepp): Spearman correlations, their 0.8 quantile per label, fine-tuning within 0.05 of the best. */
export const scranLabeller: RankLabeller = {
  async label(reference, cells) {
    const scran = await openScran();
    const owned: { free(): void }[] = [];
    const own = <T extends { free(): void }>(object: T): T => {
      owned.push(object);
      return object;
    };
    try {
      const loaded = own(loadedReference(scran, reference));
      const features = Array.from({ length: reference.features }, (_, j) => String(j));
      const most = Math.max(...reference.markers.map((markers) => markers.length), 1);
      const trained = own(
        scran.trainLabelCellsReference(features, loaded, features, { top: most, approximate: false }),
      );
      const found = own(scran.labelCells(own(cellMatrix(scran, cells)), trained));
      const scores = new Float32Array(cells.rows * reference.labels);
      for (let label = 0; label < reference.labels; label++) {
        found.scoreForLabel(label).forEach((score, cell) => (scores[cell * reference.labels + label] = score));
      }
      return { predicted: Int32Array.from(found.predicted()), scores };
    } finally {
      for (const object of owned.reverse()) object.free();
    }
  },

  async groups(values, width, groups) {
    const cells = values.length / width;
    if (groups <= 1) return new Int32Array(cells);
    const scran = await openScran();
    const found = scran.clusterKmeans(Float64Array.from(values), groups, { numberOfDims: width, numberOfCells: cells });
    try {
      return Int32Array.from(found.clusters());
    } finally {
      found.free();
    }
  },
};

/** The reference in the form of singlepp's files: ranks of each profile, markers of each pair of labels, labels. */
function loadedReference(scran: typeof Scran, reference: RankReference): Scran.LoadedReference {
  const { profiles, features, label, labels, markers } = reference;
  const lines: string[] = [];
  for (let from = 0; from < profiles.length; from += features) {
    lines.push(ranks(profiles.subarray(from, from + features)).join(','));
  }
  const pairs = markers.flatMap((found, place) => {
    const [a, b] = [Math.floor(place / labels), place % labels];
    return a === b ? [] : [[a, b, ...found].join('\t')];
  });
  const packed = (text: readonly string[]): Uint8Array =>
    new Uint8Array(gzipSync(text.map((line) => `${line}\n`).join('')));
  return scran.loadLabelCellsReferenceFromBuffers(packed(lines), packed(pairs), packed(Array.from(label, String)));
}

/** The rank of each value, from 1; equal values share the lowest. */
function ranks(values: Float32Array): Int32Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const out = new Int32Array(values.length);
  let rank = 0;
  order.forEach((place, i) => {
    if (i === 0 || values[place]! > values[order[i - 1]!]!) rank = i + 1;
    out[place] = rank;
  });
  return out;
}

/** Cells as columns, as scran wants them. */
function cellMatrix(scran: typeof Scran, { rows, columns, indptr, indices, values }: CsrMatrix): Scran.ScranMatrix {
  const pointers = Float64Array.from(indptr, (end) => end - indptr[0]!);
  return scran.initializeSparseMatrixFromSparseArrays(columns, rows, values, Int32Array.from(indices), pointers, {
    byRow: false,
    forceInteger: false,
    layered: false,
  });
}
