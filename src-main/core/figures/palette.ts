import { fromOklab, seenBy, toOklab, visions, type Rgb } from './colour-space.ts';

/** Okabe & Ito 2008 (jfly.uni-koeln.de/color) without black and without yellow, which on white is hardly seen. */
const first = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];

/** Colours to keep away from: the grey of Unknown, white and near-black backgrounds. */
const taken = ['#a8a8a8', '#ffffff', '#1b1b1b'];

/**
 * 64 colours, `#rrggbb`. The first six are those of Okabe & Ito; each further one is the colour, on a grid of hue,
 * chroma and middle lightness, whose smallest distance to all before it is largest, where a distance counts as it is for
 * the worst of normal, protanope and deuteranope eyes. Early colours are well apart; nobody tells 64 apart by colour alone.
 */
export const palette: readonly string[] = farthestColours(64);

function farthestColours(count: number): string[] {
  const chosen = [...first];
  const candidates = gridColours().map((rgb) => ({ rgb, views: views(rgb), apart: Infinity }));
  const keepAway = (hex: string): void => {
    const other = views(rgbOf(hex));
    for (const candidate of candidates) candidate.apart = Math.min(candidate.apart, distance(candidate.views, other));
  };
  [...taken, ...chosen].forEach(keepAway);
  while (chosen.length < count) {
    const best = candidates.reduce((a, b) => (b.apart > a.apart ? b : a));
    chosen.push(hexOf(best.rgb));
    keepAway(chosen.at(-1)!);
  }
  return chosen;
}

/** Colours of the screen with lightness 0.42 … 0.8 (readable on white and on black), chroma 0.04 … 0.2. */
function gridColours(): Rgb[] {
  const colours: Rgb[] = [];
  for (let lightness = 0.42; lightness <= 0.801; lightness += 0.038) {
    for (let chroma = 0.04; chroma <= 0.201; chroma += 0.04) {
      for (let degree = 0; degree < 360; degree += 10) {
        const hue = (degree * Math.PI) / 180;
        const rgb = fromOklab([lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)]);
        if (rgb.every((part) => part >= 0 && part <= 1)) colours.push(rgb);
      }
    }
  }
  return colours;
}

type Views = readonly (readonly number[])[];

/** The colour as each kind of eye sees it, in a space where distances look alike. */
function views(rgb: Rgb): Views {
  return visions.map((vision) => toOklab(seenBy(vision, rgb)));
}

/**
 * How different two colours `#rrggbb` look to the worst of normal, protanope and deuteranope eyes, in OKLab: 0 is the same,
 * about 0.02 is just seen side by side, 1 is black and white.
 */
export function colourDifference(a: string, b: string): number {
  return distance(views(rgbOf(a)), views(rgbOf(b)));
}

/** Smallest distance over the kinds of eyes. */
function distance(a: Views, b: Views): number {
  return Math.min(...a.map((seen, vision) => Math.hypot(...seen.map((part, i) => part - b[vision]![i]!))));
}

/** `#rrggbb` as parts 0 … 1. */
export function rgbOf(hex: string): Rgb {
  const part = (from: number): number => parseInt(hex.slice(from, from + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}

function hexOf(rgb: Rgb): string {
  return `#${rgb
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
