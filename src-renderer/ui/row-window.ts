/** Rows drawn above and below those that are seen, so that quick scrolling shows no gap. */
export const BESIDE = 8;

/** Tables of so many rows or fewer are drawn whole. */
export const FEW = 100;

/** No box is higher, in pixels: Firefox draws none above 17.8 million. */
const TALLEST = 15_000_000;

/** … and others none above 33.5 million of those that the screen has. */
const TALLEST_ON_SCREEN = 30_000_000;

/**
 * Pixels of the highest box there may be.
 * @param ratio pixels of the screen to a pixel, as scaling and zoom make it
 */
export const tallestBox = (ratio: number): number => Math.min(TALLEST, TALLEST_ON_SCREEN / ratio);

/** What is drawn of a long table. */
export interface RowWindow {
  /** Rows from … to−1; at least one where there are any. */
  readonly from: number;
  readonly to: number;
  /** Pixels of the room above and below them. */
  readonly above: number;
  readonly below: number;
}

interface Seen {
  /** Pixels scrolled; may lie beyond the last row for a moment, when rows have become fewer. */
  readonly top: number;
  /** Pixels in view; 0 before it is known counts as a screenful. */
  readonly height: number;
  readonly rowHeight: number;
  /** See `tallestBox`. */
  readonly tallest: number;
}

/**
 * Which rows of a long table are drawn: those that are seen, and some above and below; all of a few. Where all rows together
 * would be higher than a box may be, the box is as high as it may, and a pixel scrolled stands for more than one of the rows.
 */
export function rowWindow(total: number, { top, height, rowHeight, tallest }: Seen): RowWindow {
  if (total <= FEW) return { from: 0, to: total, above: 0, below: 0 };
  const box = Math.min(total * rowHeight, tallest);
  const scrolled = Math.min(top, Math.max(0, box - height));
  const at = scrolled * rowsPerBox(total, { height, rowHeight, tallest });
  const seen = height === 0 ? 25 : Math.ceil(height / rowHeight) + 1;
  const first = Math.min(Math.max(0, Math.floor(at / rowHeight)), Math.max(0, total - seen));
  // no more rows above than there is room for: the box has less of it than the rows would take
  const fit = Math.min(first, Math.ceil((at - scrolled) / rowHeight));
  const from = Math.max(0, first - BESIDE, fit);
  const to = Math.min(total, first + seen + BESIDE);
  const above = Math.max(0, from * rowHeight - at + scrolled);
  return { from, to, above, below: Math.max(0, box - above - (to - from) * rowHeight) };
}

/** How many pixels scrolled lead to a row. */
export function pixelsTo(row: number, total: number, seen: Omit<Seen, 'top'>): number {
  return (row * seen.rowHeight) / rowsPerBox(total, seen);
}

/** Pixels of rows that a pixel scrolled stands for: 1 where all of them find room in the box. */
function rowsPerBox(total: number, { height, rowHeight, tallest }: Omit<Seen, 'top'>): number {
  const all = total * rowHeight;
  return all <= tallest ? 1 : (all - height) / (tallest - height);
}

/** How many rows a key scrolls by; null for other keys, and those that lead to an end. */
export function rowsByKey({ key, shiftKey }: { key: string; shiftKey: boolean }, page: number): number | null {
  if (key === ' ') return shiftKey ? -page : page;
  return { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[key] ?? null;
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
