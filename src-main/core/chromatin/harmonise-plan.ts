import { AppError } from '../base/app-error.ts';
import { type HarmoniseWay, harmoniseWays } from '../data/harmonise-way.ts';
import { buildName, buildsDiffer } from './genome-builds.ts';
import type { Interval } from './interval-index.ts';
import { overlapOfPeaks, type PeakOverlap } from './peak-overlap.ts';

/** What is known of one study before anything is counted. */
export interface HarmoniseSide {
  /** What a person calls it. */
  readonly name: string;
  /** hg19, GRCh38, …; null where it is not known. */
  readonly build: string | null;
  /** What speaks against the build, in a sentence; null or absent where nothing does. */
  readonly doubt?: string | null;
  /** Its peaks; null where there is only a fragment file. */
  readonly peaks: readonly Interval[] | null;
  readonly hasFragments: boolean;
}

/** One way, whether it can be gone, and why. */
export interface WayOffered {
  readonly way: HarmoniseWay;
  readonly possible: boolean;
  /** What is done, or what is missing. */
  readonly says: string;
}

/** How two studies can be brought to the same features. Plain JSON, to be shown before anything runs. */
export interface HarmonisePlan {
  readonly suggested: HarmoniseWay;
  /** All ways, in the order of `harmoniseWays`. */
  readonly ways: readonly WayOffered[];
  /** How the peaks lie to each other, per contig; null where one side has none, or before the query's were lifted. */
  readonly overlap: PeakOverlap | null;
  /** What has to go through the chain file first. */
  readonly lift: 'nothing' | 'query-peaks' | 'reference-peaks';
  /** What a person should know before it runs. */
  readonly warnings: readonly string[];
}

/** What will be done with fragments and peaks before the two sides are matched. Plain JSON. */
export interface ChromatinMatch {
  /** How both can come to the same features; null where one side is genes, or the builds differ without a chain file. */
  readonly plan: HarmonisePlan | null;
  /** The way that will be gone; null as long as there is none. */
  readonly way: HarmoniseWay | null;
  /** In a sentence. */
  readonly says: string;
}

/** Share of the query's peaks under which an overlap looks like another genome. */
const littleOverlap = 0.1;

/**
 * What can be done with two studies, best first: the same peaks as they are; the query's fragments counted in the
 * reference's peaks; the query's peaks summed in the reference's. A union of peaks or windows is offered where both sides can
 * follow, gene activity always. With different builds the query's peaks (or, where its fragments are counted, the
 * reference's) go through the chain file first.
 *
 * @param chain whether a chain file between the builds is given; builds that are not known are taken to differ then
 * @throws AppError `chromatin.builds-differ` if the builds are known, differ, and there is no chain file
 */
export function planHarmonise(reference: HarmoniseSide, query: HarmoniseSide, chain = false): HarmonisePlan {
  const unknown = reference.build === null || query.build === null;
  const otherBuild = buildsDiffer(reference.build, query.build) || (chain && unknown);
  if (otherBuild && !chain) {
    throw new AppError('chromatin.builds-differ', {
      reference: reference.name,
      referenceBuild: buildName(reference.build!),
      query: query.name,
      queryBuild: buildName(query.build!),
    });
  }
  const comparable = !otherBuild && reference.peaks !== null && query.peaks !== null;
  const overlap = comparable ? overlapOfPeaks(reference.peaks, query.peaks) : null;
  const ways = harmoniseWays.map((way): WayOffered => ({ way, ...offer(way, reference, query, otherBuild, overlap) }));
  const suggested = (['same-peaks', 'recount', 'sum-overlapping', 'windows', 'gene-activity'] as const).find(
    (way) => ways.find((offered) => offered.way === way)!.possible,
  )!;
  return {
    suggested,
    ways,
    overlap,
    lift: !otherBuild ? 'nothing' : suggested === 'recount' ? 'reference-peaks' : 'query-peaks',
    warnings: [
      ...[reference.doubt, query.doubt].filter((doubt) => typeof doubt === 'string'),
      ...(overlap === null ? [] : warningsOf(overlap, reference, query)),
    ],
  };
}

type Offer = Omit<WayOffered, 'way'>;

function offer(
  way: HarmoniseWay,
  { name: a, ...reference }: HarmoniseSide,
  { name: b, ...query }: HarmoniseSide,
  otherBuild: boolean,
  overlap: PeakOverlap | null,
): Offer {
  const yes = (says: string): Offer => ({ possible: true, says });
  const no = (says: string): Offer => ({ possible: false, says });
  switch (way) {
    case 'same-peaks':
      if (overlap === null) return no(otherBuild ? 'The builds differ.' : 'Both studies need peaks.');
      return overlap.identical === overlap.query && overlap.identical === overlap.reference
        ? yes(`Both have the same ${overlap.reference} peaks.`)
        : no(`${overlap.identical} of the ${overlap.query} peaks of ${b} are peaks of ${a}.`);
    case 'recount':
      if (reference.peaks === null) return no(`${a} has no peaks.`);
      if (!query.hasFragments) return no(`There are no fragments of ${b}.`);
      return yes(`The fragments of ${b} are counted in the peaks of ${a}${otherBuild ? ', lifted to its build' : ''}.`);
    case 'union':
      if (otherBuild) return no('The builds differ.');
      if (reference.peaks === null || query.peaks === null) return no('Both studies need peaks.');
      if (!reference.hasFragments || !query.hasFragments) {
        return no(`There are no fragments of ${reference.hasFragments ? b : a}.`);
      }
      return yes('The peaks of both are melted together and the fragments of both counted in them.');
    case 'sum-overlapping':
      if (reference.peaks === null || query.peaks === null) return no('Both studies need peaks.');
      return overlap?.queryHit === 0
        ? no(`No peak of ${b} overlaps a peak of ${a}.`)
        : yes(`Each peak of ${a} gets the sum of the${otherBuild ? ' lifted' : ''} peaks of ${b} that overlap it.`);
    case 'windows':
      if (otherBuild) return no('The builds differ.');
      return yes('Both are counted in fixed windows; peaks without fragments are shared out by their bases.');
    case 'gene-activity':
      return yes('Both are turned into gene activity, each with the gene list of its genome.');
  }
}

function warningsOf(overlap: PeakOverlap, reference: HarmoniseSide, query: HarmoniseSide): string[] {
  const out: string[] = [];
  const share = overlap.queryHit / Math.max(1, overlap.query);
  if (share < littleOverlap && (reference.build === null || query.build === null)) {
    out.push(
      `Only ${(100 * share).toFixed(1)} % of the peaks of ${query.name} overlap a peak of ${reference.name}; ` +
        'check that both lie on the same genome build.',
    );
  }
  const alone = overlap.contigs.filter((contig) => contig.query > 0 && contig.reference === 0);
  if (alone.length > 0) {
    const peaks = alone.reduce((sum, contig) => sum + contig.query, 0);
    out.push(
      `${peaks} peaks of ${query.name} lie on contigs without a peak of ${reference.name} (${alone[0]!.contig}${alone.length > 1 ? ', …' : ''}).`,
    );
  }
  return out;
}
