/**
 * The places of the k largest scores above zero, without sorting all: a heap of k keeps the best seen so far.
 * Of equal scores the earlier place wins. The result is in no particular order; it is shorter than k if fewer scores are positive.
 */
export function strongest(scores: Float64Array, k: number): Int32Array {
  const heap = new Int32Array(Math.min(k, scores.length)); // weakest on top
  let size = 0;
  const weaker = (a: number, b: number): boolean => scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
  const swap = (i: number, j: number): void => {
    const held = heap[i]!;
    heap[i] = heap[j]!;
    heap[j] = held;
  };
  for (let place = 0; place < scores.length; place++) {
    if (!(scores[place]! > 0)) continue;
    if (size < heap.length) {
      let child = size++;
      heap[child] = place;
      for (let up = (child - 1) >> 1; child > 0 && weaker(heap[child]!, heap[up]!); up = (child - 1) >> 1) {
        swap(child, up);
        child = up;
      }
    } else if (size > 0 && weaker(heap[0]!, place)) {
      heap[0] = place;
      for (let up = 0; ;) {
        const left = 2 * up + 1;
        if (left >= size) break;
        const low = left + 1 < size && weaker(heap[left + 1]!, heap[left]!) ? left + 1 : left;
        if (!weaker(heap[low]!, heap[up]!)) break;
        swap(low, up);
        up = low;
      }
    }
  }
  return heap.subarray(0, size);
}
