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

test.each(documents)('%s links only to files that exist', (document) => {
  const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(
    (match) => match[1]!,
  );
  expect(links.filter((link) => !existsSync(join(dirname(document), link)))).toEqual([]);
});

test('the lockfile names no registry', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/);
});
