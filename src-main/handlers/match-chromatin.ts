import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import {
  type ChromatinMatch,
  type HarmonisePlan,
  type HarmoniseSide,
  planHarmonise,
} from '#core/chromatin/harmonise-plan';
import { genesToCount } from '#core/chromatin/gene-model';
import { unionPeaks, windowsOver } from '#core/chromatin/peak-sets';
import type { HarmoniseWay } from '#core/data/harmonise-way';
import type { MatchMessage, MatchReport, MatchSideReport } from '#core/prepare/match-report';
import { placesOfPeaks } from '#formats/chromatin/activity-of-peaks';
import { chosenGenes } from '#formats/chromatin/chosen-genes';
import { geneFeatures } from '#formats/chromatin/column-counter';
import { windowWidth } from '#formats/chromatin/fragment-columns';
import { peakPlaces } from '#formats/chromatin/peak-study';
import type { StudyTables } from '#formats/read-study';

/** A study in genes, and how its peaks were turned into them. */
export interface InGenes {
  readonly tables: StudyTables;
  /** The genome whose genes they are, in a sentence's end: " with the genes of mm10: …"; empty where nothing was turned. */
  readonly genome: string;
  /** What speaks against the genome that was taken. */
  readonly doubts: readonly string[];
}

/**
 * A study of peaks as it will be once it is gene activity: with the genes of its genome. Others as they are. Throws what
 * `chosenGenes` throws.
 */
export async function asGenes(tables: StudyTables, annotation: string | undefined): Promise<InGenes> {
  const places = tables.modality === 'peaks' ? peakPlaces(tables.features) : null;
  if (places === null) return { tables, genome: '', doubts: [] };
  const { genes, build, why, notes } = await chosenGenes(annotation, placesOfPeaks(tables.name, places));
  const source = build ?? basename(annotation ?? '');
  return {
    tables: { ...tables, ...geneFeatures(genesToCount(genes)) },
    genome: ` with the genes of ${source}${why === null ? '' : ` (${why})`}`,
    doubts: notes.filter(({ severity }) => severity === 'warning').map(({ text }) => text),
  };
}

/**
 * How two studies of open chromatin would be brought together. Builds that differ without a chain file are a message with the
 * ways out, not an error.
 */
export function matchChromatin(
  reference: HarmoniseSide,
  query: HarmoniseSide,
  wanted: HarmoniseWay | 'auto',
  chain: boolean,
): MatchReport & { readonly chromatin: ChromatinMatch } {
  const plan = planOrError(reference, query, chain);
  if (plan instanceof AppError) return refused(reference, query, plan);
  const way = wanted === 'auto' ? plan.suggested : wanted;
  const offered = plan.ways.find((offer) => offer.way === way)!;
  const messages: MatchMessage[] = plan.warnings.map((text) => ({
    severity: 'warning',
    text,
    remedy: 'Go on if you know that both lie on the same genome; otherwise compare by gene activity.',
  }));
  if (!offered.possible) {
    messages.unshift({ severity: 'error', text: offered.says, remedy: 'Choose another way to bring them together.' });
  }
  const features = featuresOf(way, reference, query, plan);
  return {
    verdict: !offered.possible ? 'impossible' : messages.length > 0 ? 'poor' : 'good',
    sharedFeatures: features ?? 0,
    reference: sideOf(reference, features),
    query: sideOf(query, way === 'sum-overlapping' ? (plan.overlap?.queryHit ?? null) : features),
    examples: { shared: [], referenceOnly: [], queryOnly: [] },
    messages,
    chromatin: { plan, way, says: offered.says },
  };
}

function planOrError(reference: HarmoniseSide, query: HarmoniseSide, chain: boolean): HarmonisePlan | AppError {
  try {
    return planHarmonise(reference, query, chain);
  } catch (error) {
    if (error instanceof AppError && error.code === 'chromatin.builds-differ') return error;
    throw error;
  }
}

function refused(
  reference: HarmoniseSide,
  query: HarmoniseSide,
  { message, remedy }: AppError,
): MatchReport & { readonly chromatin: ChromatinMatch } {
  return {
    verdict: 'impossible',
    sharedFeatures: 0,
    reference: sideOf(reference, 0),
    query: sideOf(query, 0),
    examples: { shared: [], referenceOnly: [], queryOnly: [] },
    messages: [{ severity: 'error', text: message, remedy }],
    chromatin: { plan: null, way: null, says: message },
  };
}

/** How many features both will have; null where that is known only after counting. */
function featuresOf(way: HarmoniseWay, a: HarmoniseSide, b: HarmoniseSide, plan: HarmonisePlan): number | null {
  switch (way) {
    case 'same-peaks':
      return plan.overlap?.identical ?? null;
    case 'recount':
      return a.peaks?.length ?? null;
    case 'sum-overlapping':
      return plan.overlap?.referenceHit ?? null;
    case 'union':
      return a.peaks === null || b.peaks === null ? null : unionPeaks([a.peaks, b.peaks]).length;
    case 'windows': {
      const known = [a, b].flatMap(({ peaks }) => (peaks === null ? [] : [peaks]));
      return known.length === 0 ? null : windowsOver(known, windowWidth).length;
    }
    case 'gene-activity':
      return null;
  }
}

function sideOf({ name, peaks }: HarmoniseSide, shared: number | null): MatchSideReport {
  const features = peaks?.length ?? 0;
  return {
    name,
    modality: 'peaks',
    species: 'unknown',
    idType: 'coordinates',
    features,
    sharedFraction: features === 0 || shared === null ? 1 : Math.min(1, shared / features),
  };
}
