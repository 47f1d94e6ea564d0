import type { CancelSignal } from '../../base/cancel.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import type { ConsensusAccount, MemberAccount } from '../../data/consensus-account.ts';
import { likeliest } from '../../train/hold-out.ts';
import { resolveSettings } from '../resolve-settings.ts';
import { nearestCentroid } from '../simple/nearest-centroid.ts';
import type { Member } from './members.ts';
import { neighbourAgreement, spread, strengths } from './neighbours.ts';

/**
 * What speaks for each member on this pair. No label of the query is known here: the query's labels are those that the
 * members give.
 *
 * @param pair both sides scaled per feature, as `nearest-centroid` takes them
 * @param each probabilities of each member for the query cells: [query cells, labels]
 */
export async function accountOf(
  members: readonly Member[],
  pair: AlignedPair,
  each: readonly Float32Array[],
  mean: Float32Array,
  seed: number,
  signal?: CancelSignal,
): Promise<ConsensusAccount> {
  const K = pair.labels.length;
  const graph = pair.query.neighbours;
  const agreement = neighbourAgreement(likeliest(mean, K), K, graph);
  const strength = strengths(mean, K, graph);
  const settled = likeliest(spread(mean, K, graph, strength), K);
  const labelled = each.map((probabilities) => likeliest(probabilities, K));
  const found: MemberAccount[] = [];
  for (const [place, { method }] of members.entries()) {
    const label = labelled[place]!;
    found.push({
      id: method.id,
      title: method.title,
      weight: 1 / members.length,
      agreement: shareOf(settled, (own, cell) => own === label[cell]),
      neighbours: neighbourAgreement(label, K, graph),
      reverse: await reverseTransfer(pair, label, seed, signal),
    });
  }
  return {
    members: found,
    unanimous: shareOf(settled, (_, cell) => labelled.every((label) => label[cell] === labelled[0]![cell])),
    neighbours: {
      k: graph.k,
      agreement,
      strength: strength.reduce((sum, s) => sum + s, 0) / Math.max(strength.length, 1),
    },
  };
}

/**
 * Learns centroids from the query cells with the labels given to them, labels the reference by them, and tells the mean over
 * the reference's labels of the share found again; null where fewer than two labels were given.
 */
export async function reverseTransfer(
  pair: AlignedPair,
  label: Int32Array,
  seed: number,
  signal?: CancelSignal,
): Promise<number | null> {
  if (new Set(label).size < 2) return null;
  const { labels, reference, query } = pair;
  const reversed: AlignedPair = {
    ...pair,
    reference: { ...query, label },
    query: { ...reference, neighbours: { k: 0, indices: new Int32Array(0) } },
  };
  const settings = resolveSettings(nearestCentroid, pair.scenario, 'recommended', {});
  const model = await nearestCentroid.train(reversed, settings, {
    seed,
    ...(signal === undefined ? {} : { signal }),
    report: () => undefined,
  });
  const { probabilities } = await model.apply(reference, signal);
  const again = likeliest(probabilities, labels.length);
  const [cells, right] = [new Float64Array(labels.length), new Float64Array(labels.length)];
  reference.label.forEach((own, cell) => {
    cells[own]!++;
    if (again[cell] === own) right[own]!++;
  });
  const present = Array.from(cells.keys()).filter((k) => cells[k]! > 0);
  return present.reduce((sum, k) => sum + right[k]! / cells[k]!, 0) / present.length;
}

function shareOf(cells: Int32Array, which: (label: number, cell: number) => boolean): number {
  return cells.reduce((count, label, cell) => count + (which(label, cell) ? 1 : 0), 0) / Math.max(cells.length, 1);
}
