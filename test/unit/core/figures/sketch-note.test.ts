import { expect, test } from 'vitest';
import { figuresOf } from '#core/figures/figures-of';
import { sketchNote } from '#core/figures/sketch-note';
import { figureInputs } from '#test/support/figure-inputs';

test('every map says that a sketch was laid out, and no other figure does', async () => {
  const note = sketchNote({ places: new Float32Array(600_000), sketch: new Int32Array(1200) })!;
  expect(note).toMatch(/1,200 of 300,000\scells/);
  const figures = await figuresOf({ ...figureInputs(), layoutNote: note });
  expect(figures.filter(({ kind }) => kind === 'scatter').length).toBeGreaterThan(3);
  for (const { kind, footnotes } of figures)
    expect(footnotes.includes(note)).toBe(kind === 'scatter' || kind === 'maps');
});

test('nothing is said where all cells were laid out', () => {
  expect(sketchNote({ places: new Float32Array(600), sketch: null })).toBeNull();
});
