import { expect, test } from 'vitest';
import { Glances } from '#compute/glances';

/** Steps of `stepMs` for `totalMs`, with looks that cost `lookMs`; gives the share of the time that looks took, and their number. */
function watched(totalMs: number, stepMs: number, lookMs: number): { share: number; looks: number } {
  let now = 0;
  const glances = new Glances(() => now);
  let looks = 0;
  while (now < totalMs) {
    now += stepMs;
    if (!glances.due()) continue;
    now += lookMs;
    glances.told();
    looks++;
  }
  return { share: (looks * lookMs) / now, looks };
}

test('quick looks come every three seconds', () => {
  expect(watched(60_000, 50, 5).looks).toBeGreaterThanOrEqual(18);
  expect(watched(60_000, 50, 5).looks).toBeLessThanOrEqual(21);
});

test.each([1, 20, 100, 800, 3000])('looks that cost %i ms take less than 3 %% of a long training', (lookMs) => {
  expect(watched(1_000_000, 40, lookMs).share).toBeLessThan(0.03);
});

test('the first look comes after half a second of steps', () => {
  let now = 0;
  const glances = new Glances(() => now);
  expect(glances.due()).toBe(false);
  now = 499;
  expect(glances.due()).toBe(false);
  now = 500;
  expect(glances.due()).toBe(true);
});

test('telling without a look is a fault', () => {
  expect(() => new Glances(() => 0).told()).toThrow('no look was due');
});
