import { fireEvent, screen } from '@testing-library/svelte';
import { marked, type Token, type Tokens } from 'marked';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { guideAddress, guidePages, pageOrder, sectionName } from '../../src-renderer/features/help/guide-pages.ts';
import { glossary, meaningOf } from '../../src-renderer/ui/glossary.ts';
import { expectAccessible } from './support/accessible.ts';
import { renderApp, stubScreen } from './support/render-app.ts';

vi.mock('../../src-renderer/charts/mount-chart.ts', () => ({
  mountChart: () => ({ show: () => undefined, dispose: () => undefined }),
}));

const folder = 'docs/guide';

/** All tokens of a page, those within others included. */
function tokensOf(tokens: readonly Token[]): Token[] {
  const all: Token[] = [];
  marked.walkTokens([...tokens], (token) => void all.push(token));
  return all;
}

beforeEach(() => {
  localStorage.clear();
  stubScreen();
  Element.prototype.scrollIntoView = () => undefined;
});

test('the guide has every file of its folder and no other', () => {
  expect(readdirSync(folder).sort()).toEqual(pageOrder.map((id) => `${id}.md`).sort());
});

describe.each(guidePages)('the page $id', ({ id, tokens }) => {
  const all = tokensOf(tokens);

  test('consists of what the screen can draw, and of no markup of its own', () => {
    const drawn = [
      ...['heading', 'paragraph', 'list', 'list_item', 'table', 'blockquote', 'code', 'strong', 'em', 'codespan'],
      ...['br', 'link', 'image', 'text', 'escape', 'space'],
    ];
    expect(all.filter(({ type }) => !drawn.includes(type)).map(({ raw }) => raw)).toEqual([]);
  });

  test('leads to pages, sections, words and pictures that are there', () => {
    for (const token of all) {
      if (token.type !== 'link' && token.type !== 'image') continue;
      const [file, section] = (token['href'] as string).split('#');
      expect(existsSync(join(folder, file === '' ? `${id}.md` : file!)), token.raw).toBe(true);
      if (section === undefined) continue;
      const target = guidePages.find((page) => `${page.id}.md` === (file === '' ? `${id}.md` : file))!;
      const sections = target.tokens
        .filter((other): other is Tokens.Heading => other.type === 'heading')
        .map((other) => sectionName(other.text));
      expect(sections, token.raw).toContain(section);
      if (file === 'glossary.md') expect(meaningOf(section.replaceAll('-', ' ')), token.raw).toBeDefined();
    }
  });

  test('has a picture of everything it shows, with words for those who do not see it', () => {
    for (const token of all) if (token.type === 'image') expect(token['text'], token.raw).toMatch(/\w{3}/);
  });
});

test('the page of words is the glossary of the screens', () => {
  const lines = [
    '# Glossary',
    'The words of the application, on the screens and in this guide alike.',
    ...glossary.map(({ word, meaning }) => `## ${word}\n\n${meaning}`),
  ];
  expect(readFileSync(join(folder, 'glossary.md'), 'utf8')).toBe(`${lines.join('\n\n')}\n`);
});

test('words stand in alphabetical order, each once', () => {
  const words = glossary.map(({ word }) => word.toLowerCase());
  expect(words).toEqual([...new Set(words)].toSorted((a, b) => (a < b ? -1 : 1)));
});

test('the guide opens by F1, explains words on the spot, and leads on', async () => {
  renderApp('#/');
  await fireEvent.keyDown(document.body, { code: 'F1', key: 'F1' });
  expect(await screen.findByRole('heading', { level: 1, name: 'First labels in five minutes' })).toBeTruthy();
  expectAccessible();
  expect(screen.getByRole('button', { name: 'reference' }).getAttribute('aria-describedby')).not.toBeNull();
  expect(screen.getByRole('img', { name: /^The start page/ }).getAttribute('src')).toMatch(/home-light/);
  await fireEvent.click(screen.getByRole('button', { name: 'Next: Choosing files' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Choosing files' })).toBeTruthy();
});

test('an address leads to a section of a page; one that leads nowhere opens the first page', async () => {
  renderApp('#/help/confidence/lost-labels');
  const heading = await screen.findByRole('heading', { level: 2, name: 'Lost labels' });
  expect(document.activeElement).toBe(heading);
  location.hash = '#/help/no-such-page';
  expect(await screen.findByRole('heading', { level: 1, name: 'First labels in five minutes' })).toBeTruthy();
});

test('links stay within the guide or are told apart from it', () => {
  expect(guideAddress('why.md', 'markers')).toBe('#/help/why');
  expect(guideAddress('glossary.md#macro-f1', 'why')).toBe('#/help/glossary/macro-f1');
  expect(guideAddress('#unknown', 'confidence')).toBe('#/help/confidence/unknown');
  expect(guideAddress('https://doi.org/10.1371/x', 'why')).toBeNull();
});
