import type { LineFigure } from './figure-data.ts';
import { neutralColour } from './label-colours.ts';
import { countText } from './number-text.ts';
import { palette } from './palette.ts';

const mostPlaces = 400;
const dashes = ['solid', 'dashed', 'dotted'] as const;

/**
 * Every loss term over the training steps, weighted as it enters the total. Above 400 steps each place is the mean of
 * equally many steps. A term that starts late begins late.
 *
 * @param steps [reports] step numbers, rising
 * @param terms name → [reports]; NaN where the term was not computed
 */
export function lossFigure(steps: readonly number[], terms: Readonly<Record<string, readonly number[]>>): LineFigure {
  const per = Math.max(1, Math.ceil(steps.length / mostPlaces));
  const names = Object.keys(terms).sort((a, b) => Number(b === 'total') - Number(a === 'total'));
  const coloured = names.filter((name) => name !== 'total');
  return {
    kind: 'lines',
    id: 'loss-curves',
    title: 'Loss terms during training',
    footnotes: per === 1 ? [] : [`Each place is the mean of up to ${countText(per)} steps.`],
    x: { title: 'Training step', unit: null, format: 'number' },
    y: { title: 'Loss, as weighted in the total', unit: null, format: 'number' },
    legendTitle: 'Loss term',
    series: names.map((name) => {
      const place = coloured.indexOf(name);
      return {
        name: name.replaceAll('_', ' '),
        colour: place === -1 ? neutralColour : palette[place % palette.length]!,
        dash: place === -1 ? 'solid' : dashes[Math.floor(place / 3) % dashes.length]!,
        ...means(steps, terms[name]!, per),
      };
    }),
  };
}

function means(
  steps: readonly number[],
  values: readonly number[],
  per: number,
): { x: readonly number[]; y: readonly number[] } {
  const x: number[] = [];
  const y: number[] = [];
  for (let from = 0; from < steps.length; from += per) {
    const known = values.slice(from, from + per).filter(Number.isFinite);
    if (known.length === 0) continue;
    x.push(steps[Math.min(steps.length, from + per) - 1]!);
    y.push(Number((known.reduce((sum, value) => sum + value, 0) / known.length).toPrecision(5)));
  }
  return { x, y };
}
