/** The kernels take rows of a multiple of 4 numbers. */
export function paddedWidth(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/** Rows of `width` numbers laid out as rows of `padded`, with zeros behind. @param to [rows · padded] */
export function putPadded(to: Float32Array, from: Float32Array, width: number, padded: number): void {
  if (width === padded) return to.set(from);
  to.fill(0);
  for (let at = 0, place = 0; at < from.length; place += padded) {
    for (let j = 0; j < width; j++) to[place + j] = from[at++]!;
  }
}

/** The first `width` numbers of each row of `padded`. @param to [rows · width] */
export function takePadded(from: Float32Array, to: Float32Array, width: number, padded: number): void {
  if (width === padded) return to.set(from);
  for (let at = 0, place = 0; at < to.length; place += padded) {
    for (let j = 0; j < width; j++) to[at++] = from[place + j]!;
  }
}
