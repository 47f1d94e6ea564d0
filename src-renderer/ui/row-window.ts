/** Rows drawn above and below those that are seen, so that quick scrolling shows no gap. */
export const BESIDE = 8;

/** Tables of so many rows or fewer are drawn whole. */
export const FEW = 100;

/**
 * Which rows of a long table are drawn: those that are seen, and some above and below; all of a few.
 *
 * @param top pixels scrolled; may lie beyond the last row for a moment, when rows have become fewer
 * @param height pixels in view; 0 before it is known counts as a screenful
 * @returns from … to−1; at least one row where there are any
 */
export function rowWindow(
  total: number,
  { top, height, rowHeight }: { readonly top: number; readonly height: number; readonly rowHeight: number },
): { readonly from: number; readonly to: number } {
  if (total <= FEW) return { from: 0, to: total };
  const seen = height === 0 ? 25 : Math.ceil(height / rowHeight) + 1;
  const first = Math.min(Math.max(0, Math.floor(top / rowHeight)), Math.max(0, total - seen));
  return { from: Math.max(0, first - BESIDE), to: Math.min(total, first + seen + BESIDE) };
}

/**
 * The row that a key leads to; null for other keys.
 * @param page rows in view
 */
export function rowByKey(key: string, row: number, { total, page }: { total: number; page: number }): number | null {
  const last = total - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, row + 1);
    case 'ArrowUp':
      return Math.max(0, row - 1);
    case 'PageDown':
      return Math.min(last, row + page);
    case 'PageUp':
      return Math.max(0, row - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
