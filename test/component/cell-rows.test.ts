import { describe, expect, test } from 'vitest';
import { type AskForRows, CellRows } from '../../src-renderer/state/cell-rows.svelte.ts';
import { type CellRow, CHUNK } from '../../src-renderer/state/row-chunks.ts';

const row = (place: number, name = 'cell'): CellRow => ({
  ...{ place, cell: `${name} ${place}`, label: 'B', predicted: 'B', confidence: 1, truth: null },
});
/** A table of so many rows that notes what it is asked for; an answer comes when it is let go. */
function table(total: number, name = 'cell') {
  const asked: number[] = [];
  const waiting: (() => void)[] = [];
  const ask: AskForRows = async (offset, limit) => {
    asked.push(offset);
    await new Promise<void>((resolve) => waiting.push(resolve));
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) => row(offset + i, name));
    return { total, rows };
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  };
  /** Lets the oldest answer go that still waits. */
  const answer = async (): Promise<void> => {
    waiting.shift()!();
    await settle();
  };
  return { ask, asked, answer, waiting };
}
const names = (rows: CellRows, from: number, to: number): string[] =>
  rows.list!.slice(from, to).map((one) => ('awaited' in one ? `… ${one.awaited}` : one.cell));

async function begun(total: number) {
  const source = table(total);
  const rows = new CellRows(() => source.ask);
  const beginning = rows.begin();
  await source.answer();
  await beginning;
  return { rows, ...source };
}

/** Rows that were being looked at when so many others began; neither has answered. */
async function begunAnew(others: number) {
  const [first, second] = [table(300), table(others, 'other')];
  const sources = [first, second];
  const rows = new CellRows(() => sources.shift()!.ask);
  void rows.begin();
  await first.answer();
  void rows.see(100, 130);
  void rows.begin();
  return { rows, first, second };
}

describe('rows that are fetched as they come into view', () => {
  test('begin with the first ones; all others wait in their places', async () => {
    const { rows, asked } = await begun(250);
    expect(rows.list!.length).toBe(250);
    expect(names(rows, 98, 102)).toEqual(['cell 98', 'cell 99', '… 100', '… 101']);
    expect(names(rows, 248, 400)).toEqual(['… 248', '… 249']);
    expect(asked).toEqual([0]);
  });

  test('are fetched where they are looked at, and only once', async () => {
    const { rows, asked, answer } = await begun(250);
    void rows.see(90, 205);
    await answer();
    await answer();
    expect(names(rows, 199, 201)).toEqual(['cell 199', 'cell 200']);
    void rows.see(10, 250);
    expect(asked).toEqual([0, 100, 200]);
  });

  test('what was only passed on the way is not fetched', async () => {
    const { rows, asked, answer } = await begun(100_000);
    for (let from = 1000; from <= 90_000; from += 1000) void rows.see(from, from + 30);
    await answer();
    await answer();
    expect(asked).toEqual([0, 1000, 90_000]);
    expect(names(rows, 90_000, 90_001)).toEqual(['cell 90000']);
  });

  test('of another order do not mix with those that were on their way', async () => {
    const { rows, first, second } = await begunAnew(200);
    void rows.see(200, 230); // still of those that are shown
    expect(second.asked).toEqual([0]);
    await first.answer();
    expect(names(rows, 0, 1)).toEqual(['cell 0']);
    await second.answer();
    expect([rows.begun, rows.list!.length, ...names(rows, 0, 1), ...names(rows, 100, 101)]).toEqual([
      ...[2, 200, 'other 0', '… 100'],
    ]);
    void rows.see(100, 130);
    await second.answer();
    expect(names(rows, 100, 101)).toEqual(['other 100']);
    expect([first.asked, second.asked]).toEqual([
      [0, 100],
      [0, 100],
    ]);
  });

  test('that could not be fetched say so, and are fetched when tried again', async () => {
    let broken = true;
    const source = table(300);
    const ask: AskForRows = (offset, limit) =>
      offset > 0 && broken ? Promise.reject(new Error('the line is cut')) : source.ask(offset, limit);
    const rows = new CellRows(() => ask);
    void rows.begin();
    await source.answer();
    await rows.see(100, 120);
    expect(rows.problem!.message).toContain('the line is cut');
    expect(names(rows, 100, 101)).toEqual(['… 100']);
    broken = false;
    void rows.again();
    await source.answer();
    expect(rows.problem).toBeNull();
    expect(names(rows, 100, 101)).toEqual(['cell 100']);
  });

  test('of which some could not be fetched are said to be missing until those in view are there', async () => {
    const { ask, answer } = table(500);
    let broken = false;
    const rows = new CellRows(() => (from, many) => (broken ? Promise.reject(new Error('cut')) : ask(from, many)));
    void rows.begin();
    await answer();
    broken = true;
    await rows.see(100, 120);
    const looking = rows.see(200, 220); // the notice does not come and go with every look
    expect(rows.problem!.message).toContain('cut');
    await looking;
    await rows.see(0, 30);
    expect(rows.problem).toBeNull();
  });

  test('are fetched where they are looked at when those before them answer late', async () => {
    const { rows, first, second } = await begunAnew(300);
    await second.answer();
    void rows.see(200, 230);
    await first.answer();
    await second.answer();
    expect(names(rows, 200, 201)).toEqual(['other 200']);
    expect(second.asked).toEqual([0, 200]);
  });

  test('that could not begin leave the ones before, and begin when tried again', async () => {
    const source = table(300);
    let broken = false;
    const rows = new CellRows(() => (broken ? () => Promise.reject(new Error('the line is cut')) : source.ask));
    void rows.begin();
    await source.answer();
    broken = true;
    await rows.begin();
    expect(rows.problem!.message).toContain('the line is cut');
    expect(names(rows, 0, 1)).toEqual(['cell 0']);
    broken = false;
    void rows.again();
    await source.answer();
    expect([rows.begun, rows.problem]).toEqual([2, null]);
  });

  test('are forgotten where very many were fetched, and fetched again', async () => {
    const { rows, asked, answer } = await begun(1_000_000);
    for (let chunk = 1; chunk <= 45; chunk++) {
      void rows.see(chunk * CHUNK, chunk * CHUNK + 30);
      await answer();
    }
    expect(names(rows, 0, 1)).toEqual(['… 0']);
    expect(names(rows, 6 * CHUNK, 6 * CHUNK + 1)).toEqual([`cell ${6 * CHUNK}`]);
    expect(names(rows, 45 * CHUNK, 45 * CHUNK + 1)).toEqual([`cell ${45 * CHUNK}`]);
    void rows.see(0, 30);
    await answer();
    expect(names(rows, 0, 1)).toEqual(['cell 0']);
    expect(asked).toHaveLength(47);
  });

  test('of which there are none are none', async () => {
    const { rows, asked } = await begun(0);
    await rows.see(0, 0);
    expect([rows.list!.length, ...rows.list!.slice(0, 10)]).toEqual([0]);
    expect(asked).toEqual([0]);
  });
});
