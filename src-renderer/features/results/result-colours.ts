import type { RunResult } from '#contract/run-result';
import { labelColours } from '#core/figures/label-colours';

const known = new WeakMap<RunResult, ReadonlyMap<string, string>>();

/**
 * Name → colour for all labels of a result and "Unknown", those that only its truth has after those of the reference: the
 * colours of the run's figures. Labels that touch on the map have colours that are easily told apart.
 */
export function resultColours(result: RunResult): ReadonlyMap<string, string> {
  const before = known.get(result);
  if (before !== undefined) return before;
  const { labels, reference, query } = result;
  const places = reference.layout === null ? null : { layout: reference.layout, label: reference.label };
  const colours = labelColours(labels, { further: query.truth?.categories ?? [], places });
  known.set(result, colours);
  return colours;
}
