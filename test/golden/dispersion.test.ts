import { expect, test } from 'vitest';
import { dispersedFeatures, normalisedDispersions } from '#core/methods/cda-sc/dispersion';
import { lognorm } from '#core/prepare/lognorm';
import { csrOf } from '#test/support/arbitrary-matrix';
import { golden } from '#test/support/golden';
import { storedRows } from '#test/support/stored-rows';

const file = golden<{ counts: number[][]; dispersions_norm: (number | null)[]; chosen: number[] }>('dispersion');

const counts = csrOf(file.counts);

test('normalised dispersions equal those of scanpy, with none for a feature never seen', async () => {
  const found = await normalisedDispersions(lognorm(counts));
  file.dispersions_norm.forEach((wanted, j) => {
    if (wanted === null) expect(found[j]).toBeNaN();
    else expect(found[j]).toBeCloseTo(wanted, 3); // the file's log values are float64, ours float32
  });
});

test('the chosen features are those of scanpy where both sides are the same study, in memory or stored', async () => {
  const chosen = await dispersedFeatures([counts, counts], file.chosen.length);
  expect([...chosen]).toEqual(file.chosen);
  expect(await dispersedFeatures([storedRows(counts, 7), storedRows(counts, 13)], file.chosen.length)).toEqual(chosen);
});

test('features are ranked on both sides: each side alone would choose others', async () => {
  const half = file.counts.length / 2;
  const sides = [csrOf(file.counts.slice(0, half)), csrOf(file.counts.slice(half))] as const;
  const both = await dispersedFeatures(sides, 40);
  const first = await dispersedFeatures([sides[0]], 40);
  const second = await dispersedFeatures([sides[1]], 40);
  expect(first).not.toEqual(second);
  expect(both).not.toEqual(first);
  expect(both).not.toEqual(second);
  expect(await dispersedFeatures([...sides].reverse(), 40)).toEqual(both);
});

test('where there are no more features than wanted, all of them are taken', async () => {
  expect(await dispersedFeatures([counts, counts], 250)).toEqual(Int32Array.from({ length: 250 }, (_, j) => j));
});
