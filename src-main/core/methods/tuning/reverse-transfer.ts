interface Embedded {
  /** [cells, width] row by row */
  readonly embedding: Float32Array;
  /** [cells] */
  readonly label: Int32Array;
}

/**
 * Reverse transfer in a learned space: the middle of the query cells of each predicted label (mean of unit rows) labels the
 * reference cells by the largest cosine. Gives the mean over the reference's labels of the share of their cells found
 * again, 0…1: high where predicted labels lie where the reference has them, and where none of them was forgotten. A label that no
 * query cell was given counts as 0, a row without length as anything.
 *
 * Source: the idea of reverse validation, Zhong et al. 2010 (doi:10.1007/978-3-642-15939-8_35).
 *
 * @param query with predicted labels  @param reference with its own  @param labels K
 */
export function reverseTransfer(query: Embedded, reference: Embedded, width: number, labels: number): number {
  const middles = new Float64Array(labels * width);
  const given = new Uint8Array(labels);
  query.label.forEach((own, cell) => {
    const row = query.embedding.subarray(cell * width, (cell + 1) * width);
    const length = lengthOf(row);
    given[own] = 1;
    for (let j = 0; j < width; j++) middles[own * width + j]! += row[j]! / length;
  });
  for (let k = 0; k < labels; k++) {
    const middle = middles.subarray(k * width, (k + 1) * width);
    const length = lengthOf(middle);
    for (let j = 0; j < width; j++) middle[j]! /= length;
  }
  const [cells, found] = [new Float64Array(labels), new Float64Array(labels)];
  reference.label.forEach((own, cell) => {
    let [best, highest] = [-1, -Infinity];
    for (let k = 0; k < labels; k++) {
      if (given[k] === 0) continue;
      let cosine = 0;
      for (let j = 0; j < width; j++) cosine += middles[k * width + j]! * reference.embedding[cell * width + j]!;
      if (cosine > highest) [best, highest] = [k, cosine];
    }
    cells[own]!++;
    if (best === own) found[own]!++;
  });
  const present = Array.from(cells.keys()).filter((k) => cells[k]! > 0);
  return present.reduce((sum, k) => sum + found[k]! / cells[k]!, 0) / Math.max(present.length, 1);
}

function lengthOf(row: Float32Array | Float64Array): number {
  let squares = 0;
  for (const x of row) squares += x * x;
  return Math.max(Math.sqrt(squares), 1e-12);
}
