import type { CancelSignal } from '../../base/cancel.ts';
import type { NetworkRows } from '../../data/aligned-pair.ts';
import type { Transform } from '../../data/preparation-choices.ts';
import type { Scenario } from '../../data/scenario.ts';
import { scale } from '../../prepare/scale.ts';
import type { Method, TrainedModel } from '../../train/method.ts';
import { cellPredX } from '../cellpredx/index.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { linearSvm } from '../simple/linear-svm.ts';
import { nearestCentroid } from '../simple/nearest-centroid.ts';

/** Standard deviations at which scaled values are cut off, as everywhere (`prepare/network-input.ts`). */
const CLIP = 10;

/**
 * The methods that are heard, each with an eye of its own: CellPredX sees both studies, the support vector machine the borders
 * between labels, the centroids the middle of each label, however rare it is. CellPredX comes first: cells lie where it puts them.
 */
export const members: readonly Method[] = [cellPredX, linearSvm, nearestCentroid] as readonly Method[];

/** A member with the settings it is recommended with for a scenario, and the values it takes. */
export interface Member {
  readonly method: Method;
  readonly settings: unknown;
  readonly takes: Transform;
}

/** The members as they are recommended for a scenario. */
export function membersFor(scenario: Scenario): Member[] {
  return members.map((method) => {
    const settings = resolveSettings(method, scenario, 'recommended', {});
    return { method, settings, takes: method.preparation(settings, scenario).transform };
  });
}

/** A trained member. */
export interface TrainedMember {
  readonly takes: Transform;
  readonly model: TrainedModel;
}

/**
 * Rows as a member takes them: as they are prepared, or scaled per feature over these very rows where it takes scaled values
 * and the preparation left them log-normalised.
 */
export async function rowsFor(
  rows: NetworkRows,
  prepared: Transform,
  takes: Transform,
  signal?: CancelSignal,
): Promise<NetworkRows> {
  if (prepared === takes) return rows;
  if (prepared !== 'lognorm' || takes !== 'lognorm-scaled') {
    throw new Error(`rowsFor: ${takes} values cannot be made of ${prepared} ones`);
  }
  const { sparse, shift } = await scale(rows.input, CLIP, signal);
  return { input: sparse, shift: Float32Array.from(shift) };
}

/** Mean of the members' probabilities, each counting alike: [rows, labels]; also those of each member. */
export async function heard(
  members: readonly TrainedMember[],
  prepared: Transform,
  rows: NetworkRows,
  signal?: CancelSignal,
): Promise<{ mean: Float32Array; each: Float32Array[]; width: number; embedding: Float32Array }> {
  const each: Float32Array[] = [];
  let place: { width: number; embedding: Float32Array } | null = null;
  for (const { model, takes } of members) {
    const found = await model.apply(await rowsFor(rows, prepared, takes, signal), signal);
    place ??= found;
    each.push(found.probabilities);
  }
  const { width, embedding } = place!;
  const mean = each[0]!.map((_, i) => each.reduce((sum, p) => sum + p[i]! / each.length, 0));
  return { mean, each, width, embedding };
}
