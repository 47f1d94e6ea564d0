import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '#core/base/app-error';

const files = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => ending.test(name));
const sources = ['src-main', 'src-preload', 'src-renderer'].flatMap((folder) => files(folder, /\.(ts|svelte)$/));
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...files('docs', /\.md$/),
  ...files('src-main', /\.md$/),
];

test.each(sources)('%s has at most 400 lines', (file) => {
  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(401);
});

test.each(sources.filter((file) => file.startsWith(join('src-main', 'core'))))(
  '%s explains every function it exports',
  (file) => {
    const text = readFileSync(file, 'utf8');
    const bare = [...text.matchAll(/(?<=^|\n)(?!\s)([^\n]*)\nexport (?:async )?function\*? (\w+)/g)]
      .filter(([, before]) => !before!.trimEnd().endsWith('*/'))
      .map(([, , name]) => name);
    expect(bare).toEqual([]);
  },
);

test('every error code names its area and what is wrong', () => {
  expect(errorCodes.length).toBeGreaterThan(20);
  for (const code of errorCodes) expect(code).toMatch(/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('every error code is thrown somewhere', () => {
  const all = sources
    .filter((file) => !file.includes(join('base', 'errors')))
    .map((file) => readFileSync(file, 'utf8'));
  expect(errorCodes.filter((code) => !all.some((text) => text.includes(`'${code}'`)))).toEqual([]);
});

test('no source names a folder of one machine or leaves work for later', () => {
  const marks =
    /\bTODO\b|\bFIXME\b|@ts-ignore|@ts-expect-error|eslint-disable|\bas any\b|(?<![\w.])\/(work|home|root)\//;
  expect(sources.filter((file) => marks.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('a layout is computed where runs are, never in the process that answers the window', () => {
  const handlers = sources.filter((file) => file.startsWith(join('src-main', 'handlers')));
  expect(handlers.length).toBeGreaterThan(10);
  expect(handlers.filter((file) => /from '[^']*engine\/layout\//.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('no product of tensors is asked for with a literal flag that transposes, see `matMulFast`', () => {
  const flagged = (text: string): boolean =>
    [...text.matchAll(/\btf\.matMul\(/g)].some(({ index }) => hasFlag(text, index));
  const hasFlag = (text: string, index: number): boolean =>
    argumentsAt(text, text.indexOf('(', index))
      .slice(2)
      .some((argument) => /^(true|false)$/.test(argument));
  expect(['tf.matMul(a, b, true)', 'tf.matMul(f(a, c), [b, d], false, true)'].map(flagged)).toEqual([true, true]);
  expect(['tf.matMul(a, f(b, true))', 'tf.matMul(f(a, c), [b, d])'].map(flagged)).toEqual([false, false]);
  const inMain = sources.filter((file) => file.startsWith('src-main'));
  const texts = inMain.map((file) => readFileSync(file, 'utf8'));
  expect(texts.filter((text) => text.includes('tf.matMul(')).length).toBeGreaterThan(5);
  expect(inMain.filter((_, i) => flagged(texts[i]!))).toEqual([]);
});

/** The arguments of the call whose bracket opens at `open`, as written. */
function argumentsAt(text: string, open: number): string[] {
  const found = [''];
  let depth = 0;
  for (let at = open + 1; depth > 0 || text[at] !== ')'; at++) {
    const letter = text[at];
    if (letter === undefined) throw new Error(`the bracket at ${open} is never closed`);
    if ('([{'.includes(letter)) depth++;
    if (')]}'.includes(letter)) depth--;
    if (letter === ',' && depth === 0) found.push('');
    else found[found.length - 1] += letter;
  }
  return found.map((argument) => argument.trim());
}

test.each(documents)('%s links only to files that exist', (document) => {
  const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(
    (match) => match[1]!,
  );
  expect(links.filter((link) => !existsSync(join(dirname(document), link)))).toEqual([]);
});

test('the lockfile names no registry', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/);
});
