import type { ChartTheme } from '#charts/chart-theme';
import { fitText } from '#charts/text-width';
import type { Mark } from './marks.ts';

export interface BarRow {
  readonly name: string;
  /** Length of the bar, 0…1 of the room for bars. */
  readonly share: number;
  /** Written behind the bar. */
  readonly text: string;
  readonly fill: string;
}

const [HEAD, LINE, BAR, GAP] = [24, 19, 9, 10] as const;
/** Of the width: the names, and the numbers at the end. */
const [NAMES, NUMBERS] = [0.42, 58] as const;

/** Names with a bar and a number each under a title, from the top left corner `at`; a list without rows says so. */
export function barListMarks(
  title: string,
  rows: readonly BarRow[],
  at: { readonly x: number; readonly y: number; readonly width: number },
  look: Pick<ChartTheme, 'text' | 'muted'>,
): { readonly marks: readonly Mark[]; readonly height: number } {
  const names = NAMES * at.width;
  const bars = at.width - names - NUMBERS - 2 * GAP;
  const middle = (row: number): number => at.y + HEAD + (row + 0.5) * LINE;
  const marks: Mark[] = [
    { kind: 'text', x: at.x, y: at.y + HEAD / 2, text: title, px: 13, fill: look.text, bold: true },
    ...rows.flatMap(({ name, share, text, fill }, row): Mark[] => [
      { kind: 'text', x: at.x, y: middle(row), text: fitText(name, 12, names), px: 12, fill: look.text },
      { kind: 'rect', x: at.x + names + GAP, y: middle(row) - BAR / 2, width: share * bars, height: BAR, fill },
      { kind: 'text', x: at.x + at.width, y: middle(row), text, px: 12, fill: look.muted, align: 'end' },
    ]),
  ];
  if (rows.length === 0) marks.push({ kind: 'text', x: at.x, y: middle(0), text: 'None.', px: 12, fill: look.muted });
  return { marks, height: HEAD + Math.max(1, rows.length) * LINE };
}
