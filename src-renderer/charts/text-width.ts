/** Widths of the characters 32 … 126 of Helvetica, in thousandths of the font size (Adobe core font metrics). */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];

/**
 * Width of a line of text in px, the same in a window and without one, so that both lay a figure out alike.
 * Characters beyond ASCII count as wide as a digit, those of East Asian scripts and symbols as wide as they are high.
 */
export function textWidth(text: string, fontPx: number, bold = false): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    width += code === 0xa0 ? 278 : code < 0x2e80 ? (widths[code - 32] ?? 600) : 1000;
  }
  return (width / 1000) * fontPx * (bold ? 1.07 : 1);
}

/** The text in lines no wider than `width`, broken at spaces; a word wider than that stands alone. */
export function wrapText(text: string, fontPx: number, width: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, fontPx, bold) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The text, or as much of its start as fits with "…" after it; a count in brackets at its end is kept. */
export function fitText(text: string, fontPx: number, width: number): string {
  if (textWidth(text, fontPx) <= width) return text;
  const count = / \([^()]*\d[^()]*\)$/.exec(text)?.[0] ?? '';
  const characters = [...text.slice(0, text.length - count.length)];
  const shortened = (): string => `${characters.join('').trimEnd()}…${count}`;
  while (characters.length > 1 && textWidth(shortened(), fontPx) > width) characters.pop();
  return shortened();
}
