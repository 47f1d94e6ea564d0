import type { RunEvent } from '#contract/run-events';

/** One loss term over the steps: [points] rising steps, and the value of the term at each. */
export interface TermCurve {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** The total first, then the terms in order of appearance. A resumed run repeats some steps: the later value counts. */
export function curvesOf(events: readonly RunEvent[]): readonly TermCurve[] {
  const byTerm = new Map<string, Map<number, number>>();
  for (const event of events) {
    if (event.kind !== 'step') continue;
    for (const [name, value] of Object.entries(event.terms)) {
      const points = byTerm.get(name) ?? new Map<number, number>();
      byTerm.set(name, points.set(event.step, value));
    }
  }
  const names = [...byTerm.keys()].sort((a, b) => Number(b === 'total') - Number(a === 'total'));
  return names.map((name) => {
    const points = byTerm.get(name)!;
    const steps = [...points.keys()].sort((a, b) => a - b);
    return { name, steps, values: steps.map((step) => points.get(step)!) };
  });
}
