import { numberText, percentText } from '#core/figures/number-text';
import type { ChartTheme } from './chart-theme.ts';
import { colourAt } from './colour-scale.ts';
import { lineHeight } from './frame.ts';
import { type Graphic, rectGraphic, textGraphic } from './graphics.ts';
import { wrapText } from './text-width.ts';

/** Width that a colour bar with its title and numbers takes. */
export const colourBarWidth = 116;

const steps = 40;

/** A colour bar with its title above and five numbers beside it; gives back its height too. */
export function colourBar(options: {
  readonly left: number;
  readonly top: number;
  readonly title: string;
  readonly stops: readonly string[];
  readonly range: readonly [number, number];
  readonly format: 'number' | 'fraction';
  readonly theme: ChartTheme;
}): { readonly graphics: Graphic[]; readonly height: number } {
  const { left, title, stops, range, format, theme } = options;
  const lines = wrapText(title, theme.fontPx, colourBarWidth, true);
  const top = options.top + lines.length * lineHeight(theme.fontPx) + 6;
  const length = 120;
  const [low, high] = range;
  const fields = Array.from({ length: steps }, (_, step) =>
    rectGraphic(
      { x: left, y: top + ((steps - 1 - step) * length) / steps, width: 12, height: length / steps + 0.4 },
      colourAt(stops, [0, steps - 1], step),
    ),
  );
  const numbers = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = low + share * (high - low);
    return textGraphic(format === 'fraction' ? percentText(value, 0) : numberText(value), theme, {
      x: left + 18,
      y: top + (1 - share) * length,
    });
  });
  const heading = lines.map((line, i) =>
    textGraphic(line, theme, { x: left, y: options.top + (i + 0.5) * lineHeight(theme.fontPx), bold: true }),
  );
  return { graphics: [...heading, ...fields, ...numbers], height: top - options.top + length + 8 };
}
