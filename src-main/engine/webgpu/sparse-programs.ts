import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

/** Columns of the weights that one workgroup works on, side by side, so that memory is read in whole lines. */
const LANES = 64;
/** Stored values of a row that are taken at the same time, by threads of their own. */
const SLICES = 4;
/** Features whose sums one workgroup keeps at hand: 64 lanes × 32 × 4 bytes are half of the shared memory every card has. */
const TILE = 32;
/** Workgroups in a row of the grid; every card allows so many. */
const GRID = 65_535;

type Shape2D = [number, number];

/**
 * out = batch × weights: [rows, features] × [features, width] → [rows, width]. One workgroup per row and 64 columns: four threads
 * a column add every fourth stored value of the row, then the first adds the four. The order never changes, so neither do the bits.
 * Inputs: weights, row pointers (int32), column indices (int32), values.
 */
export function productProgram([rows, width]: Shape2D): WebGPUProgram {
  return {
    ...programOf([rows, width], rows, ['weights', 'pointers', 'indices', 'stored'], [LANES, SLICES, 1]),
    shaderKey: 'csrMatMul',
    getUserCode: () => `
      var<workgroup> part: array<f32, ${LANES * SLICES}>;
      fn main() {
        let row = i32(workgroupId.y + workgroupId.z * numWorkgroups.y);
        let lane = i32(localId.x);
        let width = uniforms.outShape.y;
        let column = i32(workgroupId.x) * ${LANES} + lane;
        let inside = row < uniforms.outShape.x && column < width;
        var sum = 0.0;
        if (inside) {
          let end = pointers[row + 1];
          for (var p = pointers[row] + i32(localId.y); p < end; p = p + ${SLICES}) {
            sum = sum + stored[p] * weights[indices[p] * width + column];
          }
        }
        part[localIndex] = sum;
        workgroupBarrier();
        if (inside && localId.y == 0u) {
          result[row * width + column] = ${sumOf(SLICES, (slice) => `part[lane + ${slice * LANES}]`)};
        }
      }`,
  };
}

/**
 * out = batchᵀ × dy: [features, rows] × [rows, width] → [features, width]. One workgroup per 32 features and 64 columns goes through
 * all rows: 64 threads find where their row's share of the features begins and ends by halving (indices rise within a row), then
 * every thread adds up one column, row after row. WGSL can add no fractions atomically, and this way no two threads ever meet.
 * Inputs: dy, row pointers (int32), column indices (int32), values.
 */
export function weightGradientProgram([features, width]: Shape2D): WebGPUProgram {
  return {
    ...programOf([features, width], Math.ceil(features / TILE), ['dy', 'pointers', 'indices', 'stored'], [LANES, 1, 1]),
    shaderKey: 'csrMatMulWeightGradient',
    getUserCode: () => `
      var<workgroup> sums: array<f32, ${TILE * LANES}>;
      var<workgroup> first: array<i32, ${LANES}>;
      var<workgroup> last: array<i32, ${LANES}>;

      fn placeOf(feature: i32, begin: i32, end: i32) -> i32 {
        var low = begin;
        var high = end;
        while (low < high) {
          let middle = (low + high) / 2;
          if (indices[middle] < feature) { low = middle + 1; } else { high = middle; }
        }
        return low;
      }

      fn main() {
        let origin = i32(workgroupId.y + workgroupId.z * numWorkgroups.y) * ${TILE};
        let lane = i32(localId.x);
        let width = uniforms.outShape.y;
        let rows = uniforms.dyShape.x;
        let column = i32(workgroupId.x) * ${LANES} + lane;
        let inside = column < width;
        for (var f = 0; f < ${TILE}; f = f + 1) { sums[f * ${LANES} + lane] = 0.0; }

        for (var base = 0; base < rows; base = base + ${LANES}) {
          workgroupBarrier();
          if (base + lane < rows) {
            let end = pointers[base + lane + 1];
            let begin = placeOf(origin, pointers[base + lane], end);
            first[lane] = begin;
            last[lane] = placeOf(origin + ${TILE}, begin, end);
          }
          workgroupBarrier();
          let count = min(${LANES}, rows - base);
          for (var r = 0; r < count; r = r + 1) {
            let begin = first[r];
            let end = last[r];
            if (inside && begin < end) {
              let d = dy[(base + r) * width + column];
              for (var p = begin; p < end; p = p + 1) {
                let place = (indices[p] - origin) * ${LANES} + lane;
                sums[place] = sums[place] + stored[p] * d;
              }
            }
          }
        }

        for (var f = 0; f < ${TILE}; f = f + 1) {
          if (inside && origin + f < uniforms.outShape.x) { result[(origin + f) * width + column] = sums[f * ${LANES} + lane]; }
        }
      }`,
  };
}

/**
 * out[r] = Σ updates[k] over all k with indices[k] = r: [updates, width] → [rows, width]. The tfjs program adds with atomics, whose
 * order changes origin run to run; here one thread goes through all updates of an element in order.
 * Inputs: updates, indices (int32, one per update).
 */
export function orderedScatterProgram([rows, width]: Shape2D): WebGPUProgram {
  return {
    outputShape: [rows, width],
    variableNames: ['updates', 'indices'],
    workgroupSize: [LANES, 1, 1],
    dispatchLayout: { x: [1], y: [0] },
    dispatch: grid(Math.ceil((rows * width) / LANES)),
    shaderKey: 'orderedScatter',
    getUserCode: () => `
      fn main() {
        let group = workgroupId.y + workgroupId.z * numWorkgroups.y;
        let place = i32(group) * ${LANES} + i32(localId.x);
        let width = uniforms.outShape.y;
        if (place >= uniforms.outShape.x * width) { return; }
        let row = place / width;
        let column = place - row * width;
        var sum = 0.0;
        for (var k = 0; k < uniforms.updatesShape.x; k = k + 1) {
          if (indices[k] == row) { sum = sum + updates[k * width + column]; }
        }
        result[place] = sum;
      }`,
  };
}

/** What both sparse programs share: `items` workgroups for each 64 columns of the output. */
function programOf(
  outputShape: Shape2D,
  items: number,
  variableNames: string[],
  workgroupSize: [number, number, number],
): Omit<WebGPUProgram, 'shaderKey' | 'getUserCode'> {
  const [, y, z] = grid(items);
  return {
    outputShape,
    variableNames,
    workgroupSize,
    dispatchLayout: { x: [1], y: [0] }, // programs compute their places themselves
    dispatch: [Math.ceil(outputShape[1] / LANES), y, z],
  };
}

/** A grid of at least so many workgroups that no card finds too long. */
function grid(workgroups: number): [number, number, number] {
  return [1, Math.min(workgroups, GRID), Math.ceil(workgroups / GRID)];
}

function sumOf(count: number, term: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => term(i)).join(' + ');
}
