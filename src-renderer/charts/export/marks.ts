/** One thing drawn at a place in px: what is written as SVG and what is painted on a canvas is the same list of marks. */
export type Mark =
  | RectMark
  | TextMark
  | { readonly kind: 'image'; readonly box: Box; readonly href: string }
  | { readonly kind: 'scale'; readonly box: Box; readonly colours: readonly string[] }
  /** Marks of which only what lies within the box is seen. */
  | { readonly kind: 'within'; readonly box: Box; readonly marks: readonly Mark[] };

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface RectMark extends Box {
  readonly kind: 'rect';
  readonly fill: string;
  /** Corners are round, e.g. those of a dot in a legend. */
  readonly round?: boolean;
}
export interface TextMark {
  readonly kind: 'text';
  readonly x: number;
  /** Middle of the letters. */
  readonly y: number;
  readonly text: string;
  readonly px: number;
  readonly fill: string;
  readonly align?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** Colour around the letters, where they stand on other things. */
  readonly halo?: string;
}

/** A sheet with marks as an SVG file: text stays text, nothing in it refers to the outside. 1 px is 1/96 inch. */
export function marksSvg(
  marks: readonly Mark[],
  sheet: {
    readonly width: number;
    readonly height: number;
    readonly title: string;
    readonly background: string;
    readonly fontFamily: string;
  },
): string {
  const [width, height] = [Math.ceil(sheet.width), Math.ceil(sheet.height)];
  const inMm = (px: number): string => `${((px * 25.4) / 96).toFixed(2)}mm`;
  const definitions: string[] = [];
  const body = svgOf(marks, definitions);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${inMm(width)}" height="${inMm(height)}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" font-family="${escapeXml(sheet.fontFamily)}">\n<title>${escapeXml(sheet.title)}</title>\n` +
    (definitions.length > 0 ? `<defs>${definitions.join('')}</defs>\n` : '') +
    `<rect width="${width}" height="${height}" fill="${sheet.background}"/>\n${body}\n</svg>\n`
  );
}

function svgOf(marks: readonly Mark[], definitions: string[]): string {
  return marks
    .map((mark): string => {
      switch (mark.kind) {
        case 'rect':
          return `<rect ${boxOf(mark)} fill="${mark.fill}"${mark.round ? ` rx="${short(Math.min(mark.width, mark.height) / 2)}"` : ''}/>`;
        case 'text':
          return textOf(mark);
        case 'image':
          return `<image ${boxOf(mark.box)} preserveAspectRatio="none" href="${mark.href}"/>`;
        case 'scale': {
          const id = `scale-${definitions.length}`;
          const stops = mark.colours.map(
            (colour, i, { length }) => `<stop offset="${short(i / Math.max(1, length - 1))}" stop-color="${colour}"/>`,
          );
          definitions.push(`<linearGradient id="${id}">${stops.join('')}</linearGradient>`);
          return `<rect ${boxOf(mark.box)} fill="url(#${id})"/>`;
        }
        case 'within': {
          const id = `within-${definitions.length}`;
          definitions.push(`<clipPath id="${id}"><rect ${boxOf(mark.box)}/></clipPath>`);
          return `<g clip-path="url(#${id})">\n${svgOf(mark.marks, definitions)}\n</g>`;
        }
      }
    })
    .join('\n');
}

function textOf({ x, y, text, px, fill, align = 'start', bold, halo }: TextMark): string {
  const around =
    halo === undefined ? '' : ` stroke="${halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;
  return (
    `<text x="${short(x)}" y="${short(y)}" dy="0.35em" font-size="${px}" fill="${fill}" text-anchor="${align}"` +
    `${bold ? ' font-weight="bold"' : ''}${around}>${escapeXml(text)}</text>`
  );
}

function boxOf({ x, y, width, height }: Box): string {
  return `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
