import { countText } from '../base/count-text.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { PreparationNote } from '../data/aligned-pair.ts';
import type { Study } from '../data/study.ts';
import type { FeatureMatch } from './match-features.ts';
import { mostVariable, normalisedVariances } from './variable-features.ts';

/**
 * Which of the shared features to keep when only the most variable ones are wanted, as places among the shared ones.
 *
 * The `count` most variable features are taken on each side by itself, from its counts before any transform; what both
 * sides chose is kept, in the order of the reference's rank (as CellPredX does). Of repeated columns
 * the most variable one counts. A side whose values are not counts has no say, which is noted; if neither side has
 * counts, all shared features are kept.
 */
export async function chooseFeatures(
  reference: Study,
  query: Study,
  match: FeatureMatch,
  count: number,
  signal?: CancelSignal,
): Promise<{ places: Uint32Array; notes: PreparationNote[] }> {
  const notes: PreparationNote[] = [];
  const chosenBy = async (study: Study, place: Int32Array): Promise<number[] | null> => {
    if (study.valueKind === 'counts') return chosenPlaces(study, place, count, signal);
    notes.push({
      step: 'choose features',
      severity: 'warning',
      text: `The values of ${study.name} are not counts, so its most variable features could not be ranked; ${
        study === reference ? 'the query' : 'the reference'
      } alone decided where it has counts.`,
    });
    return null;
  };
  const ofReference = await chosenBy(reference, match.reference.place);
  const ofQuery = await chosenBy(query, match.query.place);
  const order = ofReference ?? ofQuery ?? Array.from(match.features.keys());
  const asked = ofReference !== null && ofQuery !== null ? new Set(ofQuery) : null;
  const places = Uint32Array.from(asked === null ? order : order.filter((place) => asked.has(place)));
  if (ofReference !== null || ofQuery !== null) {
    notes.push({
      step: 'choose features',
      severity: 'info',
      text: `${countText(places.length)} of ${countText(match.features.length)} shared features are among the ${countText(count)} most variable ones (seurat_v3).`,
    });
  }
  return { places, notes };
}

/** Shared places of the most variable columns, best first, each once. */
async function chosenPlaces(
  study: Study,
  place: Int32Array,
  count: number,
  signal: CancelSignal | undefined,
): Promise<number[]> {
  const ranked = mostVariable(await normalisedVariances(study.matrix, { signal }), count);
  const places = new Set<number>();
  for (const column of ranked) if (place[column]! >= 0) places.add(place[column]!);
  return [...places];
}
