import { fireEvent, render, screen } from '@testing-library/svelte';
import fc from 'fast-check';
import { createRawSnippet } from 'svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { BESIDE, pixelsTo, rowByKey, rowsByKey, rowWindow, tallestBox } from '../../src-renderer/ui/row-window.ts';
import LongTable from '../../src-renderer/ui/LongTable.svelte';
import { stubScreen } from './support/render-app.ts';

const rows = Array.from({ length: 20_000 }, (_, i) => `row ${i}`);
/** 2.1 rem of 16 px. */
const ROW = 33.6;

beforeEach(() => stubScreen());

function show(of: readonly string[] = rows): { box: HTMLElement; change: (of: readonly string[]) => Promise<void> } {
  const row = createRawSnippet<[string]>((name) => ({ render: () => `<td><button>${name()}</button></td>` }));
  const props = { caption: 'Many rows', columns: [{ title: 'Name' }], row, key: (name: string) => name };
  const { rerender } = render(LongTable<string>, { props: { ...props, rows: of } });
  return { box: screen.getByRole('group', { name: 'Many rows' }), change: (next) => rerender({ rows: next }) };
}
/** The same rows, of which only some are there; `fetched` when more are. */
function showAwaited(isThere: (place: number) => boolean): { box: HTMLElement; fetched: () => Promise<void> } {
  const slice = (from: number, to: number): string[] =>
    rows.slice(from, to).map((name, i) => (isThere(from + i) ? name : `… ${name}`));
  const row = createRawSnippet<[string]>((name) => ({
    render: () => (name().startsWith('…') ? '<td>…</td>' : `<td><button>${name()}</button></td>`),
  }));
  const props = { caption: 'Many rows', columns: [{ title: 'Name' }], row, key: (name: string) => name, list: 1 };
  const { rerender } = render(LongTable<string>, { props: { ...props, rows: { length: 20_000, slice } } });
  const box = screen.getByRole('group', { name: 'Many rows' });
  return { box, fetched: () => rerender({ rows: { length: 20_000, slice } }) };
}
const buttons = (): HTMLElement[] => screen.queryAllByRole('button');

describe('a table of 20,000 rows', () => {
  test('draws those in view only, and tells readers how many there are and which these are', () => {
    show();
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('20001');
    expect(buttons().length).toBeLessThan(60);
    expect(buttons()[0]!.textContent).toBe('row 0');
    expect(buttons()[0]!.closest('tr')!.getAttribute('aria-rowindex')).toBe('2');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(buttons().length + 1);
  });

  test('follows scrolling to its very end, as high as all rows together', async () => {
    const { box } = show();
    for (const place of [10_000, 19_990]) {
      box.scrollTop = place * ROW;
      await fireEvent.scroll(box);
      const drawn = buttons().map((button) => button.textContent);
      expect(drawn).toContain(`row ${place}`);
      expect(drawn.length).toBeLessThan(60);
      const room = [...document.querySelectorAll<HTMLElement>('tbody tr.room')];
      const empty = room.reduce((sum, { style }) => sum + parseFloat(style.height), 0);
      expect(empty + drawn.length * ROW).toBeCloseTo(20_000 * ROW, 3);
    }
    expect(buttons().at(-1)!.textContent).toBe('row 19999');
    expect(buttons().at(-1)!.closest('tr')!.getAttribute('aria-rowindex')).toBe('20001');
  });

  test('keys lead from row to row, also to those that are not drawn', async () => {
    const { box } = show();
    buttons()[0]!.focus();
    await fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
    await expect.poll(() => document.activeElement!.textContent).toBe('row 1');
    await fireEvent.keyDown(document.activeElement!, { key: 'End' });
    await expect.poll(() => document.activeElement!.textContent).toBe('row 19999');
    expect(box.scrollTop).toBeGreaterThan(19_000 * ROW);
    await fireEvent.keyDown(document.activeElement!, { key: 'Home' });
    await expect.poll(() => document.activeElement!.textContent).toBe('row 0');
    expect(box.scrollTop).toBe(0);
  });

  test('keeps the focus in the table when its row is scrolled out of view', async () => {
    const { box } = show();
    buttons()[3]!.focus();
    box.scrollTop = 5_000 * ROW;
    await fireEvent.scroll(box);
    expect(document.activeElement).toBe(box);
  });

  test('keys lead to rows that are not there yet, and on from them; the control has the focus once it is', async () => {
    let [there, come] = [50, 0];
    const { box, fetched } = showAwaited((place) => place < there || place >= 20_000 - come);
    buttons()[0]!.focus();
    await fireEvent.keyDown(document.activeElement!, { key: 'End' });
    await expect.poll(() => document.activeElement).toBe(box);
    expect(box.scrollTop).toBeGreaterThan(19_000 * ROW);
    await fireEvent.keyDown(box, { key: 'ArrowUp' });
    expect(document.activeElement).toBe(box);
    [there, come] = [0, 100];
    await fetched();
    await expect.poll(() => document.activeElement!.textContent).toBe('row 19998');
    there = 50;
    await fireEvent.keyDown(document.activeElement!, { key: 'Home' });
    await expect.poll(() => document.activeElement!.textContent).toBe('row 0');
  });

  test('what waits for its row no longer does when the focus has gone elsewhere', async () => {
    let there = 50;
    const { box, fetched } = showAwaited((place) => place < there);
    buttons()[0]!.focus();
    await fireEvent.keyDown(document.activeElement!, { key: 'End' });
    await expect.poll(() => document.activeElement).toBe(box);
    box.blur();
    box.focus();
    there = 20_000;
    await fetched();
    expect(document.activeElement).toBe(box);
  });

  test('other rows begin at the first one, and none are said', async () => {
    const { box, change } = show();
    box.scrollTop = 5_000 * ROW;
    await fireEvent.scroll(box);
    await change(['only']);
    expect(box.scrollTop).toBe(0);
    expect(buttons().map((button) => button.textContent)).toEqual(['only']);
    await change([]);
    expect(screen.getByText('Nothing here.')).toBeTruthy();
  });
});

test('the window holds every row in view and few more, wherever one scrolls', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(4_000_000), fc.integer({ min: 1, max: 2000 }), (total, top, height) => {
      const { from, to } = rowWindow(total, { top, height, rowHeight: 30, tallest: tallestBox(1) });
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(total);
      expect(to - from).toBeLessThanOrEqual(Math.ceil(height / 30) + 1 + 2 * BESIDE);
      if (total > 0) expect(to).toBeGreaterThan(from);
      const last = Math.max(0, total * 30 - height);
      if (top > last) return;
      expect(from * 30).toBeLessThanOrEqual(top);
      expect(to * 30).toBeGreaterThanOrEqual(Math.min(total * 30, top + height));
    }),
  );
});

test('rows that would be higher than a box may be are all reached, those in view drawn, none beside its place', () => {
  const tallest = 30_000;
  fc.assert(
    fc.property(
      fc.integer({ min: 1500, max: 500_000 }),
      fc.nat(1000),
      fc.integer({ min: 60, max: 900 }),
      (total, thousandth, height) => {
        const top = Math.round((thousandth / 1000) * (tallest - height));
        const { from, to, above, below } = rowWindow(total, { top, height, rowHeight: 30, tallest });
        const seen = { height, rowHeight: 30, tallest };
        const firstSeen = (top * (total * 30 - height)) / (tallest - height) / 30;
        // at a pixel of the box lies the row that belongs there, but for less than a row at the very beginning
        expect(Math.abs(above - (from - firstSeen) * 30 - top)).toBeLessThan(30);
        expect(from).toBeLessThanOrEqual(Math.ceil(firstSeen));
        expect(to).toBeGreaterThanOrEqual(Math.min(total, Math.floor(firstSeen + height / 30)));
        expect(to - from).toBeLessThanOrEqual(Math.ceil(height / 30) + 1 + 2 * BESIDE);
        expect(above + below + (to - from) * 30).toBeLessThan(tallest + (BESIDE + 2) * 30);
        expect(pixelsTo(firstSeen, total, seen)).toBeCloseTo(top, 6);
      },
    ),
  );
  for (const ratio of [1, 2.5, 4]) {
    const seen = { height: 300, rowHeight: 34, tallest: tallestBox(ratio) };
    expect(rowWindow(1_000_000, { top: 1e9, ...seen }).to).toBe(1_000_000);
    expect(rowWindow(1_000_000, { top: 0, ...seen })).toMatchObject({ from: 0, above: 0 });
    expect(pixelsTo(1_000_000, 1_000_000, seen) * ratio).toBeLessThan(33_554_428);
  }
});

test('on the box itself keys scroll by rows in view, in a box that is as high as it may be too', async () => {
  expect(rowsByKey({ key: 'PageDown', shiftKey: false }, 12)).toBe(12);
  expect(rowsByKey({ key: ' ', shiftKey: true }, 12)).toBe(-12);
  expect(rowsByKey({ key: 'Tab', shiftKey: false }, 12)).toBeNull();
  const many = { length: 1_000_000, slice: (from: number, to: number) => rows.slice(0, to - from) };
  const row = createRawSnippet<[string]>((name) => ({ render: () => `<td>${name()}</td>` }));
  const props = { caption: 'Many rows', columns: [{ title: 'Name' }], row, key: (name: string) => name };
  render(LongTable<string>, { props: { ...props, rows: many } });
  const box = screen.getByRole('group', { name: 'Many rows' });
  box.focus();
  await fireEvent.keyDown(box, { key: 'ArrowDown' });
  expect(box.scrollTop).toBeCloseTo(ROW / ((1_000_000 * ROW) / tallestBox(1)), 1);
});

test('keys stay within the table', () => {
  const many = { total: 100, page: 10 };
  expect(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'].map((key) => rowByKey(key, 95, many))).toEqual([
    96, 94, 99, 85, 0, 99,
  ]);
  expect(rowByKey('ArrowUp', 0, many)).toBe(0);
  expect(rowByKey('a', 5, many)).toBeNull();
});
