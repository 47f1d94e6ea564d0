/** Looks of a chart that do not depend on its data. Sizes in px; 1 px is 1/96 inch. */
export interface ChartTheme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly grid: string;
  readonly fontFamily: string;
  readonly fontPx: number;
  readonly titlePx: number;
  readonly notePx: number;
  /** Low to high, rising darkness on light themes and rising lightness on dark ones. */
  readonly sequential: readonly string[];
  /** Low, middle (0), high. */
  readonly diverging: readonly string[];
  /** For points on the background: no end of it vanishes there. */
  readonly points: readonly string[];
  /** Of points without a value. */
  readonly absent: string;
}

const fonts = {
  fontFamily: 'Arial, Helvetica, sans-serif', // without quotes, which the SVG writer does not escape
  fontPx: 11, // 8.25 pt
  titlePx: 13,
  notePx: 10, // 7.5 pt
};

/** For paper and for light windows. */
export const lightTheme: ChartTheme = {
  ...fonts,
  background: '#ffffff',
  text: '#1f2328',
  muted: '#57606a',
  line: '#6e7781',
  grid: '#e5e8eb',
  sequential: ['#f7fbff', '#d3e3f3', '#94c4df', '#4292c6', '#1764ab', '#08306b'],
  diverging: ['#053061', '#2166ac', '#4393c3', '#92c5de', '#f7f7f7', '#f4a582', '#d6604d', '#b2182b', '#67001f'],
  points: ['#3b0f70', '#414487', '#2a788e', '#22a884', '#7ad151', '#d8c910'],
  absent: '#d3dad6',
};

export const darkTheme: ChartTheme = {
  ...fonts,
  background: '#15181c',
  text: '#e6e9ec',
  muted: '#a3abb3',
  line: '#8b949e',
  grid: '#2c3238',
  sequential: ['#1a222c', '#16406b', '#1f6aa8', '#4c9bd1', '#9ecbe8', '#e8f3fb'],
  diverging: ['#92c5de', '#4393c3', '#2f7fb8', '#1f4a68', '#20252b', '#6b3a2c', '#c2603f', '#e58a66', '#f7c5aa'],
  points: ['#7f6fd6', '#5b7fc4', '#3aa3a8', '#3fc380', '#9fdc5a', '#f4e04d'],
  absent: '#36413e',
};

/** Writing and lines as strong as they can be; the scales, which mean something by their colour, stay. */
const strong = {
  'light-contrast': { background: '#ffffff', text: '#000000', muted: '#2e2e2e', line: '#1c1c1c', grid: '#8f8f8f' },
  'dark-contrast': { background: '#000000', text: '#ffffff', muted: '#dadada', line: '#e6e6e6', grid: '#6e6e6e' },
} as const;

export const themes = {
  light: lightTheme,
  dark: darkTheme,
  'light-contrast': { ...lightTheme, ...strong['light-contrast'] },
  'dark-contrast': { ...darkTheme, ...strong['dark-contrast'] },
} as const satisfies Readonly<Record<string, ChartTheme>>;
export type ThemeName = keyof typeof themes;
