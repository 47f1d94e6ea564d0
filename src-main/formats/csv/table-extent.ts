/** Rows of a table: as read, and as there are (extrapolated where the reading stopped early). */
export interface TableExtent {
  readonly read: number;
  readonly estimated: number;
  readonly complete: boolean;
}

/** @param share how much of the file was read for these rows, 0 … 1 */
export function extentOf(read: number, complete: boolean, share: number): TableExtent {
  return { read, estimated: complete || share === 0 ? read : Math.round(read / share), complete };
}
