import type { FigureData } from '#core/figures/figure-data';
import { type ChartTheme, lightTheme } from './chart-theme.ts';
import { init } from './echarts.ts';
import { escapeXml } from './export/marks.ts';
import { figureSize } from './figure-size.ts';
import { optionOf } from './option-of.ts';

export interface SvgOptions {
  /** Width on paper; without it 180 mm, or more where column names need it. */
  readonly widthMm?: number;
  /** Height on paper, of title and footnotes too; without it what the content needs. */
  readonly heightMm?: number;
  readonly theme?: ChartTheme;
}

export const PX_PER_MM = 96 / 25.4;

/**
 * A figure as an SVG file: text stays text, sizes are in mm, nothing in it moves or refers to the outside.
 * Same figure and options, same bytes, in a window or without one.
 */
export function figureSvg(figure: FigureData, { widthMm, heightMm, theme = lightTheme }: SvgOptions = {}): string {
  const natural = figureSize(figure, theme, widthMm === undefined ? null : Math.round(widthMm * PX_PER_MM));
  const size = {
    width: Math.round(natural.width),
    height: Math.round(heightMm === undefined ? natural.height : heightMm * PX_PER_MM),
  };
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption(optionOf(figure, theme, size));
    return finished(chart.renderToSVGString(), figure, size);
  } finally {
    chart.dispose();
  }
}

/**
 * Takes out what only a browser window needs (and what numbers charts in the order of their making), names ids after the
 * figure so that several can stand in one page, centres text in a way that drawing programs understand too, and gives
 * the picture its title and its size on paper.
 */
function finished(svg: string, figure: FigureData, { width, height }: { width: number; height: number }): string {
  const id = figure.id.replace(/[^A-Za-z0-9-]/g, '-');
  const inMm = (px: number): string => `${Number((px / PX_PER_MM).toFixed(2))}mm`;
  return svg
    .replace(/<style ?>[\s\S]*?<\/style>\n?/g, '')
    .replace(/ (?:class|ecmeta_[a-z_]+)="[^"]*"/g, '')
    .replace(/ pointer-events="visible"/g, '')
    .replace(
      /<path d="[^"]*"(?: transform="[^"]*")?(?: fill="none"| fill="rgb\(0,0,0\)" fill-opacity="0"[^>]*)><\/path>\n/g,
      '',
    )
    .replace(/(id="|url\(#|href="#)zr\d+-/g, `$1${id}-`)
    .replace(/<text dominant-baseline="central"/g, '<text dy="0.35em"')
    .replace(
      /^<svg [^>]*>/,
      `<svg xmlns="http://www.w3.org/2000/svg" width="${inMm(width)}" height="${inMm(height)}" ` +
        `viewBox="0 0 ${width} ${height}" role="img">\n<title>${escapeXml(figure.title)}</title>`,
    );
}
