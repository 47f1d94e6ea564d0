/** A colour of the screen, each part 0 … 1 with the usual gamma. */
export type Rgb = readonly [number, number, number];

type Matrix = readonly (readonly [number, number, number])[];

export const visions = ['normal', 'protanope', 'deuteranope'] as const;
export type Vision = (typeof visions)[number];

/**
 * The colour as a person with this kind of vision sees it, by the full-severity matrices of
 * Machado, Oliveira & Fernandes 2009 (doi:10.1109/TVCG.2009.113), which act on linear light.
 */
export function seenBy(vision: Vision, rgb: Rgb): Rgb {
  if (vision === 'normal') return rgb;
  return gamma(times(simulation[vision], linear(rgb)).map((part) => Math.min(1, Math.max(0, part))));
}

/** Lightness 0 … 1 and two opponent axes, in which distances look alike (Ottosson 2020, bottosson.github.io/posts/oklab). */
export function toOklab(rgb: Rgb): readonly [number, number, number] {
  return times(lmsToLab, times(rgbToLms, linear(rgb)).map(Math.cbrt));
}

/** Inverse of `toOklab`; parts outside 0 … 1 cannot be shown on a screen. */
export function fromOklab(lab: readonly number[]): Rgb {
  return gamma(
    times(
      lmsToRgb,
      times(labToLms, lab).map((part) => part ** 3),
    ),
  );
}

const simulation: Record<Exclude<Vision, 'normal'>, Matrix> = {
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

const rgbToLms: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const lmsToLab: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];
const labToLms: Matrix = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
];
const lmsToRgb: Matrix = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

function times(matrix: Matrix, vector: readonly number[]): [number, number, number] {
  const row = (i: 0 | 1 | 2): number => {
    const [a, b, c] = matrix[i]!;
    return a * vector[0]! + b * vector[1]! + c * vector[2]!;
  };
  return [row(0), row(1), row(2)];
}

function linear(rgb: Rgb): number[] {
  return rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
}

function gamma(light: readonly number[]): Rgb {
  const part = (i: number): number => {
    const value = light[i]!;
    return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  };
  return [part(0), part(1), part(2)];
}
