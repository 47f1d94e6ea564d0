import { countText } from '#core/base/count-text';
import { type Build, type ContigTable, contigTable, isChromosome, knownBuilds } from '../intervals/contig-names.ts';
import type { PlaceSample } from './place-sample.ts';
import { buildNamed, shippedBuilds, shippedGeneModels } from './shipped-gene-models.ts';
import { nearStart, StartPlaces } from './start-places.ts';

/** How well the data fit one build. */
export interface BuildCandidate {
  readonly build: Build;
  /** Share of the fragments or peaks on contigs that the build has. */
  readonly known: number;
  /** Chromosomes that the build lacks, contigs that reach beyond their end in it or whose accession is of another build. */
  readonly contradicted: readonly string[];
  /** Sampled places within 1 kb of the start of a gene, and how many would be if they lay anywhere; null without genes. */
  readonly near: number | null;
  readonly expected: number | null;
  /** One sentence with the numbers above. */
  readonly evidence: string;
}

export interface BuildGuess {
  /** Null where the data do not tell. */
  readonly build: Build | null;
  /** Whether everything that was looked at speaks for it. */
  readonly sure: boolean;
  /** Sentences for a person, the deciding one first. */
  readonly evidence: readonly string[];
  readonly candidates: readonly BuildCandidate[];
}

/** Two builds are told apart by gene starts when their counts differ by so many standard errors. */
const decisive = 5;
/** Places of open chromatin lie at gene starts several times as often as anywhere; in the wrong build, hardly more often. */
const leastEnrichment = 2;

/**
 * Guesses the genome build of fragments or peaks, from the names of the contigs and their accessions, from how far the
 * places reach against the lengths of the chromosomes, and from how many of them lie within 1 kb of the start of a
 * protein-coding gene, which open chromatin does only in the right build. Gene starts decide between builds that the
 * contigs leave open, if the best has at least twice as many as places anywhere would and 5 standard errors more than
 * the next. What the file declares of itself is taken where nothing contradicts it.
 *
 * @param headers lines of the file that may name the build
 */
export async function guessBuild(sample: PlaceSample, headers: readonly string[] = []): Promise<BuildGuess> {
  const table = await contigTable();
  const all = await Promise.all(knownBuilds.map((build) => candidateOf(build, sample, table)));
  const least = Math.min(...all.map((one) => one.contradicted.length));
  const open = all
    .filter((one) => one.known >= 0.5 && one.contradicted.length === least)
    .sort((a, b) => (b.near ?? -1) - (a.near ?? -1));
  const declared = declaredBuild(headers);
  const evidence = [...open, ...all.filter((one) => !open.includes(one))].map((one) => one.evidence);
  if (declared !== null) evidence.unshift(`the file says of itself that it is ${declared.build}: ${declared.text}`);
  const done = (build: Build | null, sure: boolean, why: string): BuildGuess => ({
    build,
    sure: sure && least === 0,
    evidence: [why, ...evidence],
    candidates: all,
  });

  const [best, next] = open;
  if (best === undefined) {
    const named = [...sample.contigs.keys()].slice(0, 3).join(', ');
    return done(null, false, `the contigs${named === '' ? '' : ` (${named})`} are those of no known build`);
  }
  const byStarts = best.near !== null && best.near >= leastEnrichment * best.expected! && clearlyMore(best, next);
  if (declared !== null) {
    const fits = open.some((one) => one.build === declared.build);
    if (fits && (!byStarts || best.build === declared.build)) return done(declared.build, true, 'as the file declares');
    if (byStarts || !fits) {
      return done(
        byStarts ? best.build : null,
        false,
        `the file declares ${declared.build}, which its fragments contradict`,
      );
    }
  }
  if (byStarts)
    return done(best.build, true, `gene starts fit ${best.build}${next === undefined ? '' : ` and not ${next.build}`}`);
  if (open.length === 1) return done(best.build, false, `the contigs fit ${best.build} alone`);
  return done(null, false, `the contigs fit ${open.map((one) => one.build).join(', ')}; gene starts do not tell which`);
}

/** Whether one build has more places near gene starts than the next, by more than chance allows. */
function clearlyMore(best: BuildCandidate, next: BuildCandidate | undefined): boolean {
  const [a, b] = [best.near!, next?.near ?? 0];
  return a - b > decisive * Math.sqrt(a + b);
}

async function candidateOf(build: Build, sample: PlaceSample, table: ContigTable): Promise<BuildCandidate> {
  let [all, known, expectedShare] = [0, 0, 0];
  const contradicted: string[] = [];
  const shipped = shippedBuilds.find((name) => name === build);
  const starts = shipped === undefined ? null : new StartPlaces((await shippedGeneModels(shipped)).genes);
  for (const [contig, { count, furthest }] of sample.contigs) {
    all += count;
    const length = table.lengthOf(build, contig);
    const builds = table.buildsOf(contig);
    const wrong = builds.length > 0 && !builds.includes(build);
    if (length !== null && !wrong) {
      known += count;
      expectedShare += count * (starts?.shareNear(contig, length) ?? 0);
    }
    if (wrong) contradicted.push(contig);
    else if (length === null ? isChromosome(contig) : furthest > length) contradicted.push(contig);
  }
  let near = 0;
  if (starts !== null)
    sample.forEach((contig, position) => (near += starts.near(table.nameOf(contig), position) ? 1 : 0));
  const found = {
    build,
    known: all === 0 ? 0 : known / all,
    contradicted,
    near: starts === null ? null : near,
    expected: starts === null ? null : (expectedShare / Math.max(1, all)) * sample.size,
  };
  return { ...found, evidence: sentence(found, sample, table) };
}

function sentence(found: Omit<BuildCandidate, 'evidence'>, sample: PlaceSample, table: ContigTable): string {
  const { build, known, contradicted, near, expected } = found;
  const parts = [`${percent(known)} lie on contigs that it has`];
  if (contradicted.length > 0) {
    const [contig] = contradicted as [string];
    const length = table.lengthOf(build, contig);
    const how =
      length === null
        ? 'is not in it'
        : `has ${countText(length)} bases in it and places up to ${countText(sample.contigs.get(contig)!.furthest)}`;
    parts.push(
      `${contradicted.length === 1 ? '1 contig contradicts' : `${contradicted.length} contigs contradict`} it (${contig} ${how})`,
    );
  }
  if (near !== null) {
    const places = sample.size;
    const anywhere = percent(expected! / Math.max(1, places));
    parts.push(
      `${percent(near / Math.max(1, places))} of ${countText(places)} places are within ${nearStart / 1000} kb of a gene start (anywhere: ${anywhere})`,
    );
  }
  return `${build}: ${parts.join('; ')}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** The build that the header lines name, if they name one only. */
function declaredBuild(headers: readonly string[]): { build: Build; text: string } | null {
  const named = headers.flatMap((text) => {
    const build = buildNamed(text);
    return build === null ? [] : [{ build, text: text.slice(0, 100) }];
  });
  return new Set(named.map(({ build }) => build)).size === 1 ? named[0]! : null;
}
