import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytes, counted, duration, fileName, percent } from '../../src-renderer/ui/format.ts';
import { parseRoute, type Route, writeRoute } from '../../src-renderer/state/router.svelte.ts';
import { Task } from '../../src-renderer/state/task.svelte.ts';

const css = readFileSync('src-renderer/ui/tokens.css', 'utf8');
const [light, dark, lightContrast, darkContrast] = css.split(/:root\[data-theme='[\w-]+'\]/).map(coloursOf) as [
  Colours,
  Colours,
  Colours,
  Colours,
];
type Colours = ReadonlyMap<string, string>;

function coloursOf(text: string): Colours {
  return new Map([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name!, colour!]));
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [bright, dim] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (bright! + 0.05) / (dim! + 0.05);
}

const grounds = ['ground', 'surface', 'sunken'];
const texts = [
  ...grounds.flatMap((ground) => ['ink', 'muted'].map((ink) => [ink, ground] as const)),
  ...['ground', 'surface'].flatMap((ground) => ['accent', 'danger'].map((ink) => [ink, ground] as const)),
  ...['info', 'good', 'warning', 'danger'].flatMap((tone) => [
    [tone, `${tone}-soft`] as const,
    ['ink', `${tone}-soft`] as const,
    ['muted', `${tone}-soft`] as const,
  ]),
  ['on-accent', 'accent'] as const,
  ['on-accent', 'accent-strong'] as const,
  ['on-accent-soft', 'accent-soft'] as const,
];

describe.each([
  ['light', light, 4.5, 3],
  ['dark', dark, 4.5, 3],
  ['light high-contrast', lightContrast, 7, 4.5],
  ['dark high-contrast', darkContrast, 7, 4.5],
] as const)('the %s theme', (_, colours, ofText, ofLines) => {
  test.each(texts)('%s on %s can be read', (ink, ground) => {
    expect(contrast(colours.get(ink)!, colours.get(ground)!)).toBeGreaterThanOrEqual(ofText);
  });

  test.each(['control-line', 'focus', 'accent'])('%s can be told from the surfaces it lies on', (line) => {
    for (const ground of ['ground', 'surface'])
      expect(contrast(colours.get(line)!, colours.get(ground)!)).toBeGreaterThanOrEqual(ofLines);
  });
});

test('all themes have the same colours by name', () => {
  for (const theme of [dark, lightContrast, darkContrast])
    expect([...theme.keys()].sort()).toEqual([...light.keys()].sort());
});

describe('numbers', () => {
  test.each([
    [0, '0.0 %'],
    [1, '100.0 %'],
    [0.1234, '12.3 %'],
    [0.0001, '< 0.1 %'],
    [0.99999, '> 99.9 %'],
  ])('%d is written %s', (value, text) => {
    expect(percent(value)).toBe(text);
  });
  test.each([
    [0, '0 B'],
    [1536, '1.5 KiB'],
    [512 * 2 ** 20, '512 MiB'],
    [2 ** 41, '2.0 TiB'],
  ])('%d bytes are written %s', (value, text) => {
    expect(bytes(value)).toBe(text);
  });
  test.each([
    [400, 'under 1 s'],
    [59_400, '59 s'],
    [59_600, '1 min 0 s'],
    [75_000, '1 min 15 s'],
    [3_725_000, '1 h 2 min'],
  ])('%d ms are written %s', (value, text) => {
    expect(duration(value)).toBe(text);
  });
  test('one is singular', () => {
    expect([counted(1, 'cell'), counted(0, 'cell'), counted(2, 'entry', 'entries')]).toEqual([
      '1 cell',
      '0 cells',
      '2 entries',
    ]);
  });
  test.each([
    ['/a/b.h5ad', 'b.h5ad'],
    ['C:\\data\\b.h5ad', 'b.h5ad'],
    ['/a/folder/', 'folder'],
    ['b', 'b'],
  ])('%s ends in %s', (path, name) => {
    expect(fileName(path)).toBe(name);
  });
});

describe('addresses', () => {
  test.each<Route>([
    { screen: 'home' },
    { screen: 'annotate', step: 'method' },
    { screen: 'project', path: '/a b/ü#?.cpx' },
    { screen: 'run', path: 'C:\\x\\50 %.cpx', runId: 'r/1' },
  ])('lead back to the screen they were made for: %o', (route) => {
    expect(parseRoute(writeRoute(route))).toEqual(route);
  });
  test.each(['', '#', '#/nowhere', '#/run/only-a-project', '#/project/'])(
    'that lead nowhere lead home: "%s"',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ screen: 'home' });
    },
  );
});

describe('a task', () => {
  test('keeps the answer of the last call only', async () => {
    const task = new Task();
    const { promise, resolve } = Promise.withResolvers<string>();
    const early = task.run(() => promise);
    const late = task.run(() => Promise.resolve('late'));
    resolve('early');
    expect([await early, await late]).toEqual([null, 'late']);
    expect(task.busy).toBe(false);
  });
  test('shows a fault without a catalogue entry as a fault of ours', async () => {
    const task = new Task();
    expect(await task.run(() => Promise.reject(new Error('x is 3')))).toBeNull();
    expect(task.error).toMatchObject({ code: 'internal', message: expect.stringContaining('x is 3') });
  });
});
