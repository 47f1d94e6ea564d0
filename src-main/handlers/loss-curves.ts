import type { LossCurve } from '#contract/run-result';
import type { RunDocuments } from '#compute/run-record';

/** Places of a curve at most: a window draws no more. */
const MOST_PLACES = 400;

/**
 * The loss terms that a run kept, as its window draws them. Above 400 reports each place is the mean of equally many that
 * follow each other, at the last step of them. Steps at which a term was not computed are left out of its curve.
 */
export function lossCurves({ steps, terms }: StoredLosses): LossCurve[] {
  const per = Math.max(1, Math.ceil(steps.length / MOST_PLACES));
  const names = Object.keys(terms).sort((a, b) => Number(b === 'total') - Number(a === 'total'));
  return names.map((name) => {
    const curve = { name, steps: [] as number[], values: [] as number[] };
    for (let from = 0; from < steps.length; from += per) {
      const known = terms[name]!.slice(from, from + per).filter((value) => value !== null && Number.isFinite(value));
      if (known.length === 0) continue;
      curve.steps.push(steps[Math.min(steps.length, from + per) - 1]!);
      curve.values.push(known.reduce((sum: number, value) => sum + value!, 0) / known.length);
    }
    return curve;
  });
}

/** As a project gives them back: JSON has null where a number was NaN. */
interface StoredLosses {
  readonly steps: RunDocuments['losses']['steps'];
  readonly terms: Readonly<Record<string, readonly (number | null)[]>>;
}
