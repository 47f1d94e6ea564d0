import { describe, expect, test } from 'vitest';
import { themes } from '#charts/chart-theme';
import { confidenceSoFarFile, formingFile, lossFile } from '../../src-renderer/features/run/forming-file.ts';
import { shownRows, whyFile } from '../../src-renderer/features/results/why-file.ts';
import { why } from './support/generated-explorers.ts';
import { generatedResult } from './support/generated-study.ts';

const theme = themes.light;
const look = { background: '#ffffff', theme };

/** The texts and the number of bars and dots of an SVG. */
async function opened(
  svg: string | Promise<string>,
): Promise<{ texts: string[]; count: (query: string) => number; root: Document }> {
  const root = new DOMParser().parseFromString(await svg, 'image/svg+xml');
  expect(root.querySelector('parsererror')).toBeNull();
  const texts = [...root.querySelectorAll('text')].map((text) => text.textContent);
  return { texts, count: (query) => root.querySelectorAll(query).length, root };
}

describe('the charts of a run that goes on', () => {
  const curves = [
    { name: 'total', steps: [1, 2, 3], values: [4, 3, 2.5] },
    { name: 'late_term', steps: [3], values: [0.5] },
  ];
  const view = {
    ...{
      kind: 'forming' as const,
      runId: 'r',
      seq: 4,
      elapsedMs: 1,
      step: 1200,
      labels: ['B cell', 'T <cell>', 'none'],
    },
    places: [-1000, 0, 500, 1000, 0, -250],
    predicted: [1, 1, 0],
    confidence: [1000, 420, 20],
  };

  test('loss terms: a row per step, empty where a term had not begun', async () => {
    const file = lossFile(curves, { theme });
    expect(await file.table()).toEqual({
      columns: ['step', 'total', 'late_term'],
      rows: [
        [1, 4, null],
        [2, 3, null],
        [3, 2.5, 0.5],
      ],
    });
    const { texts } = await opened(file.svg(1));
    expect(texts).toEqual(expect.arrayContaining(['total', 'late term', 'Training step']));
  });

  test('the forming embedding: a dot per cell in the colour of its label, and a row per cell', async () => {
    const file = formingFile(view, (label) => ['#111111', '#222222', '#333333'][label]!, look);
    const { texts, root } = await opened(file.svg(1));
    expect(texts).toEqual(['Step 1,200', 'T <cell> (2)', 'B cell (1)']);
    const inColour = (fill: string) => root.querySelectorAll(`[fill="${fill}"]`).length;
    expect([inColour('#222222'), inColour('#111111'), inColour('#333333')]).toEqual([3, 2, 0]); // with one of the legend each
    expect((await file.table()).rows).toEqual([
      [1, -1, 0, 'T <cell>', 1],
      [2, 0.5, 1, 'T <cell>', 0.42],
      [3, 0, -0.25, 'B cell', 0.02],
    ]);
  });

  test('confidence so far: every cell in one bin, the last with 100 %', async () => {
    const file = confidenceSoFarFile(view, '#abcdef', look);
    const { rows } = await file.table();
    expect(rows.map((row) => row[2]).filter((cells) => cells !== 0)).toEqual([1, 1, 1]);
    expect([rows[0]![2], rows[8]![2], rows[19]![2]]).toEqual([1, 1, 1]);
    const { texts, count } = await opened(file.svg(1));
    expect(texts[0]).toBe('Confidence of 3 query cells after step 1,200');
    expect(count('[fill="#abcdef"]')).toBe(20);
  });
});

describe('why some cells have their label', () => {
  const result = generatedResult();
  const colours = { background: '#ffffff', for: '#0a0a0a', against: '#0b0b0b', ofLabel: () => '#0c0c0c' };

  test('is saved with every list of the card: a bar and a row for each', async () => {
    const answer = why(result, [1, 2, 5]);
    const file = whyFile(answer, 900, colours, theme);
    const { texts, count } = await opened(file.svg(1));
    expect(texts).toContain(`Most probable label of 3 of 3 cells, an even sample of the 900 selected cells`);
    expect(texts).toEqual(
      expect.arrayContaining(['Speak for it: mean attribution', 'LYZ', '+0.250', 'NKG7', '−0.125']),
    );
    expect([count('[fill="#0a0a0a"]'), count('[fill="#0b0b0b"]'), count('[fill="#0c0c0c"]')]).toEqual([1, 1, 3]);
    const { columns, rows } = await file.table();
    expect(rows).toHaveLength(5);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
    expect(rows).toContainEqual([`mean attribution, against ${answer.label}`, 'NKG7', -0.125, 0.5]);
  });

  test('leaves out what the run does not keep, and no more rows than are shown', async () => {
    const answer = why(result, [1]);
    const supporting = Array.from({ length: 20 }, (_, i) => ({
      feature: `g${i}`,
      meanAttribution: 1 / (i + 1),
      fraction: 1,
    }));
    const bare = whyFile({ ...answer, features: null, neighbours: null }, 1, colours, theme);
    expect((await bare.table()).rows).toHaveLength(2);
    const many = whyFile({ ...answer, features: { supporting, contradicting: [] } }, 1, colours, theme);
    expect((await many.table()).rows.filter((row) => String(row[1]).startsWith('g'))).toHaveLength(shownRows.features);
    expect((await opened(many.svg(1))).texts).toContain('None.');
  });
});
