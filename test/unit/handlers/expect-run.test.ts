import { describe, expect, test } from 'vitest';
import { stages } from '#contract/run-events';
import { expectByRuns, expectByTrial, type FinishedRun } from '#handlers/expect-run';

const run: FinishedRun = {
  cells: { reference: 1000, query: 1000 },
  features: 900,
  steps: 200,
  timings: Object.fromEntries(stages.map((stage) => [stage, 1])),
  peak_rss_bytes: 5e8,
};
const same = { cells: 2000, features: 900, steps: 200 };
const middle = ([from, to]: readonly [number, number]): number => Math.sqrt(from * to);

describe('a run is expected by the finished one of the nearest size', () => {
  test('which takes as long again, with as much memory, where nothing differs', () => {
    const known = expectByRuns(same, [run], 2)!;
    expect(middle(known.time)).toBeCloseTo(1000 * stages.length, 6);
    expect(known.memory).toEqual([5e8, 5e8]);
  });

  test('training by steps grows with the steps, and nothing else does', () => {
    const twice = expectByRuns({ ...same, steps: 400 }, [run], 2)!;
    expect(middle(twice.time)).toBeCloseTo(1000 * (stages.length + 1), 6);
  });

  test('more cells widen both ranges, and memory lies between none and all of it growing', () => {
    const large = expectByRuns({ ...same, cells: 8000 }, [run], 2)!;
    const [from, to] = expectByRuns(same, [run], 2)!.time;
    expect(large.time[1] / large.time[0]).toBeGreaterThan(to / from);
    expect(large.memory).toEqual([5e8, 2e9]);
    expect(expectByRuns({ ...same, cells: 1000 }, [run], 2)!.memory).toEqual([2.5e8, 5e8]);
  });

  test('one of another size does not count beside it', () => {
    const far = { ...run, features: 9000, timings: { train: 1000 } };
    expect(expectByRuns(same, [far, run], 2)).toEqual(expectByRuns(same, [run], 2));
  });

  test('without one nothing is told', () => {
    expect(expectByRuns(same, [], 2)).toBeNull();
  });
});

describe('without a finished run CellPredX is told by the trial of the engine', () => {
  const here = { stepsPerSecond: 10, processor: 1, threads: 2 };

  test('whose steps take longer with more features and larger batches', () => {
    const of = (changes: object): number =>
      middle(expectByTrial({ cells: 2000, features: 8000, steps: 1000, batch: 256, ...changes }, here)!);
    const [one, none] = [of({}), of({ steps: 1 })];
    expect(one - none).toBeCloseTo(999 * 100, 3);
    expect(of({ batch: 512 }) - of({ batch: 512, steps: 1 })).toBeCloseTo(999 * 200, 3);
  });

  test('and nothing where it was not measured, or where there are no steps', () => {
    expect(expectByTrial(same, { ...here, stepsPerSecond: null })).toBeNull();
    expect(expectByTrial({ cells: 2000, features: 900 }, here)).toBeNull();
  });
});
