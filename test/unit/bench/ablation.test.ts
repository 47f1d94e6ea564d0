import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { methodById } from '#core/methods/list';
import { KeptResults } from '../../../bench/ablation/kept-results.ts';
import type { MeasureName } from '../../../bench/ablation/measures.ts';
import { type AblationRow, type At, verdictOf, worse } from '../../../bench/ablation/row.ts';
import { allRows } from '../../../bench/ablation/rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'ablation-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A seed on which the full setting has 0.5 and the changed one this. */
const seed =
  (changed: number): At =>
  (variant) =>
    variant === 'full' ? 0.5 : changed;

describe('a direction', () => {
  const lower = worse('accuracy');

  test('holds when the sign is as expected on four of five seeds', () => {
    const verdict = verdictOf(lower, [0.4, 0.4, 0.4, 0.4, 0.6].map(seed));
    expect(verdict).toMatchObject({ signs: '−−−−+', expected: '−', agreeing: 4, holds: true });
    expect(verdict.full).toBe(0.5);
    expect(verdict.changed).toBeCloseTo(0.44);
    expect(verdict.difference).toBeCloseTo(-0.06);
  });

  test('does not hold on three, nor when nothing changes, nor when a number is not defined', () => {
    expect(verdictOf(lower, [0.4, 0.4, 0.4, 0.6, 0.6].map(seed)).holds).toBe(false);
    expect(verdictOf(lower, [0.5, 0.5, 0.5, 0.5, 0.5].map(seed))).toMatchObject({ signs: '00000', holds: false });
    expect(verdictOf(lower, [NaN, NaN, 0.4, 0.4, 0.4].map(seed))).toMatchObject({ agreeing: 3, holds: false });
  });

  test('may be that a number must rise', () => {
    const higher = worse('silhouette of studies', { higher: true });
    expect(verdictOf(higher, [0.6, 0.6, 0.6, 0.6, 0.6].map(seed)).holds).toBe(true);
    expect(verdictOf(higher, [0.4, 0.4, 0.4, 0.4, 0.4].map(seed)).holds).toBe(false);
  });
});

describe('the rows', () => {
  test('have names of their own', () => {
    expect(new Set(allRows.map(({ id }) => id)).size).toBe(allRows.length);
  });

  test.each(allRows.map((row) => [row.id, row] as const))('%s changes settings that its method has', (_, row) => {
    const schema = methodById(row.method).settings;
    const settings = Object.values(row.variants).map((variant) => ({ ...row.settings, ...variant.settings }));
    const full = schema.parse(row.settings);
    for (const changed of settings) expect(schema.parse(changed)).toBeTruthy();
    if (Object.keys(row.variants).length > 0) expect(settings.map((s) => schema.parse(s))).not.toEqual([full]);
    expect(row.checks.length).toBeGreaterThan(0);
    expect(asked(row)).toEqual([...asked(row)].filter((variant) => variant === 'full' || variant in row.variants));
  });
});

/** The variants whose numbers the checks of a row look at. */
function asked(row: AblationRow): string[] {
  const seen = new Set<string>();
  const at: At = (variant) => {
    seen.add(variant);
    return 0;
  };
  for (const check of row.checks) {
    check.full(at);
    check.changed(at);
  }
  return [...seen];
}

describe('kept results', () => {
  const numbers = { accuracy: 0.5, 'AUROC of novel': NaN } as Record<MeasureName, number>;

  test('are there again in the next run, also what is not defined, and half a line is passed over', () => {
    const file = join(folder, 'kept.jsonl');
    new KeptResults(file).put('a row', numbers);
    appendFileSync(file, '\n{"key":"cut off","numbers":{"accu');
    const again = new KeptResults(file);
    expect(again.get('a row')).toEqual(numbers);
    expect(again.get('cut off')).toBeUndefined();
    again.put('another', numbers);
    expect(new KeptResults(file).get('another')).toEqual(numbers);
  });

  test('without a file are kept while the suite runs', () => {
    const kept = new KeptResults(null);
    expect(kept.put('a row', numbers)).toBe(numbers);
    expect(kept.get('a row')).toBe(numbers);
  });
});
