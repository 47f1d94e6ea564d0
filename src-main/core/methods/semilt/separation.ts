/**
 * Derivative of how far groups of cells lie apart, with respect to every coordinate: [n, width] row by row.
 *
 *     S(z) = (1/K²) Σ_{a≠b} mean over cells p of a, q of b of ‖z_p − z_q‖₁/width
 *
 * S is homogeneous of degree 1, so Σ z·∂S/∂z is S itself (Euler): with the derivative G held constant the plain sum Σ z·G has
 * both the value and the derivative of S. Coordinate by coordinate the cells are sorted, and ∂S/∂z_p counts how much weight
 * of other groups lies below and above z_p: n·log n instead of n² differences. Equal coordinates do not push each other.
 *
 * @param z [n, width] row by row  @param group [n] 0 … groups − 1, or −1 for a cell of no group
 */
export function separationDerivative(
  z: ArrayLike<number>,
  width: number,
  group: Int32Array,
  groups: number,
): Float32Array {
  const out = new Float32Array(z.length);
  const cells = Int32Array.from(group.keys()).filter((cell) => group[cell]! >= 0);
  const sizes = new Float64Array(groups);
  for (const cell of cells) sizes[group[cell]!]!++;
  const factor = 2 / (groups * groups * width); // each pair of groups is counted both ways
  for (let d = 0; d < width; d++) {
    const at = (cell: number): number => z[cell * width + d]!;
    const order = cells.slice().sort((a, b) => at(a) - at(b));
    const below = new Float64Array(groups); // share of each group below the present value
    const equal = new Float64Array(groups);
    let allBelow = 0;
    for (let from = 0; from < order.length;) {
      let to = from;
      let allEqual = 0;
      while (to < order.length && at(order[to]!) === at(order[from]!)) {
        const g = group[order[to++]!]!;
        equal[g]! += 1 / sizes[g]!;
        allEqual += 1 / sizes[g]!;
      }
      for (let place = from; place < to; place++) {
        const cell = order[place]!;
        const g = group[cell]!;
        const othersBelow = allBelow - below[g]!;
        const othersAbove = groups - allBelow - allEqual - (1 - below[g]! - equal[g]!);
        out[cell * width + d] = (factor / sizes[g]!) * (othersBelow - othersAbove);
      }
      for (let place = from; place < to; place++) {
        const g = group[order[place]!]!;
        below[g]! += equal[g]!;
        equal[g] = 0;
      }
      allBelow += allEqual;
      from = to;
    }
  }
  return out;
}
