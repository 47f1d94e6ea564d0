import { textWidth } from './text-width.ts';

/** A disc with a name, in px. */
export interface NamedDisc {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly px: number;
  readonly bold: boolean;
  /** Written even where it must lie on something; others are then left out. */
  readonly must: boolean;
}

export interface PlacedName {
  readonly disc: number;
  readonly x: number;
  readonly y: number;
  readonly align: 'left' | 'center' | 'right';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const gap = 3;

/**
 * Places for the names of discs: right of a disc, left, above, below or aslant, wherever a name covers least of discs and of names placed
 * before, and of the points to avoid (those of lines), inside the rectangle. Earlier discs choose first; a name that need not be written is left out where it would cover anything.
 */
export function placeNames(
  discs: readonly NamedDisc[],
  within: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  avoided: readonly (readonly [number, number])[] = [],
): PlacedName[] {
  const taken: Box[] = discs.map(({ x, y, radius }) => ({
    left: x - radius,
    right: x + radius,
    top: y - radius,
    bottom: y + radius,
  }));
  const placed: PlacedName[] = [];
  discs.forEach((disc, number) => {
    const found = candidates(disc)
      .map((candidate) => ({ ...candidate, box: inside(candidate.box, within) }))
      .map((candidate, order) => ({
        ...candidate,
        cost:
          avoidedCost(avoided, candidate.box) +
          taken.reduce((sum, box) => sum + overlap(box, candidate.box), 0) +
          0.5 * order,
      }))
      .reduce((a, b) => (b.cost < a.cost ? b : a));
    if (!disc.must && found.cost >= 8) return;
    taken.push(found.box);
    const { left, right, top, bottom } = found.box;
    const x = { left, center: (left + right) / 2, right }[found.align];
    placed.push({ disc: number, x, y: (top + bottom) / 2, align: found.align });
  });
  return placed;
}

function candidates({ name, x, y, radius, px, bold }: NamedDisc): { align: PlacedName['align']; box: Box }[] {
  const width = textWidth(name, px, bold);
  const away = radius + gap;
  const slant = radius * 0.7 + 1;
  const box = (left: number, middle: number): Box => ({
    left,
    right: left + width,
    top: middle - px / 2,
    bottom: middle + px / 2,
  });
  return [
    { align: 'left', box: box(x + away, y) },
    { align: 'right', box: box(x - away - width, y) },
    { align: 'center', box: box(x - width / 2, y - away - px / 2) },
    { align: 'center', box: box(x - width / 2, y + away + px / 2) },
    { align: 'left', box: box(x + slant, y - slant - px / 2) },
    { align: 'left', box: box(x + slant, y + slant + px / 2) },
    { align: 'right', box: box(x - slant - width, y - slant - px / 2) },
    { align: 'right', box: box(x - slant - width, y + slant + px / 2) },
  ];
}

/** The box moved into the rectangle, as far as it fits there. */
function inside(box: Box, within: { left: number; top: number; width: number; height: number }): Box {
  const dx = Math.max(within.left - box.left, Math.min(0, within.left + within.width - box.right));
  const dy = Math.max(within.top - box.top, Math.min(0, within.top + within.height - box.bottom));
  return { left: box.left + dx, right: box.right + dx, top: box.top + dy, bottom: box.bottom + dy };
}

/** A point under a name costs as much as a few px² of a disc. */
function avoidedCost(points: readonly (readonly [number, number])[], { left, right, top, bottom }: Box): number {
  return 6 * points.filter(([x, y]) => x > left - 2 && x < right + 2 && y > top - 2 && y < bottom + 2).length;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
