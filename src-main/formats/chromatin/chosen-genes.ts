import { countText } from '#core/base/count-text';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CancelSignal } from '#core/base/cancel';
import { buildName } from '#core/chromatin/genome-builds';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { AnnotatedGene, GeneModels } from '../gene-models/gene-models.ts';
import { type BuildGuess, guessBuild } from '../gene-models/guess-build.ts';
import type { PlaceSample } from '../gene-models/place-sample.ts';
import { readGeneModels } from '../gene-models/read-gene-models.ts';
import { buildNamed, shippedBuilds, shippedGeneModels } from '../gene-models/shipped-gene-models.ts';

/** The genes that activity is counted for. */
export interface ChosenGenes {
  readonly genes: readonly AnnotatedGene[];
  /** hg38, mm10, …; null where the user's file does not tell. */
  readonly build: string | null;
  /** How the build was told, where it was guessed, in words; null where it was named. */
  readonly why: string | null;
  readonly notes: readonly PreparationNote[];
}

/** What a study shows of its genome. */
export interface GenomeSigns {
  /** What a person calls the study. */
  readonly name: string;
  readonly places: PlaceSample;
  /** Lines of the file that may name the build. */
  readonly headers?: readonly string[];
}

/**
 * The genes for a study of open chromatin: those of the user's file, those shipped for the build that is named, or, where
 * nothing is said, those shipped for the build that the study's places fit. What a person says is followed; where the places
 * fit another build without a doubt, a note warns of it. A path that leads nowhere names no build, whatever it is called.
 *
 * @param annotation a build by any of its usual names, or the path of a GTF, GFF3 or BED file
 * @throws AppError `reading.unknown-annotation` for what is neither, `reading.no-gene-models` for a build that is not
 *   shipped, `reading.build-unknown` where the places do not tell the build, and what `readGeneModels` throws
 */
export async function chosenGenes(
  annotation: string | undefined,
  signs: GenomeSigns,
  signal?: CancelSignal,
): Promise<ChosenGenes> {
  if (annotation === undefined) return guessedGenes(signs);
  if (await isFile(annotation)) {
    const models = await readGeneModels(annotation, { signal });
    const build = models.build === null ? buildNamed(basename(annotation)) : buildName(models.build);
    return { genes: models.genes, build, why: null, notes: await doubted(models, basename(annotation), build, signs) };
  }
  const named = buildNamed(annotation);
  if (named === null || isPath.test(annotation)) {
    throw new AppError('reading.unknown-annotation', { annotation, shipped: shippedBuilds.join(', ') });
  }
  const models = await shippedGeneModels(named);
  const notes = await doubted(models, `the shipped genes of ${named}`, named, signs);
  return { genes: models.genes, build: named, why: null, notes };
}

async function guessedGenes({ name, places, headers }: GenomeSigns): Promise<ChosenGenes> {
  const guess = await guessBuild(places, headers);
  const build = shippedBuilds.find((shipped) => shipped === guess.build);
  if (build === undefined) {
    throw new AppError('reading.build-unknown', {
      study: name,
      evidence: guess.evidence[0]!,
      shipped: shippedBuilds.join(', '),
    });
  }
  const models = await shippedGeneModels(build);
  return {
    genes: models.genes,
    build,
    why: guess.evidence[0]!,
    notes: [guessNote(name, guess), ...modelNotes(models, `the shipped genes of ${build}`)],
  };
}

/** The build that places fit without a doubt; null where they do not tell. */
export async function sureBuild({ places, headers }: GenomeSigns): Promise<string | null> {
  const guess = await guessBuild(places, headers);
  return guess.sure ? guess.build : null;
}

/** The build of one of two studies that are compared, and what speaks against it. */
export interface BuildOfSide {
  /** As the annotation names it, else as the places fit without a doubt; null where neither tells. */
  readonly build: string | null;
  /** A sentence where the places fit another build than the one that was named; else null. */
  readonly doubt: string | null;
}

/** @param annotation a build, or a path whose file name may hold one */
export async function buildOfSide(annotation: string | undefined, signs: GenomeSigns): Promise<BuildOfSide> {
  const named = annotation === undefined ? null : buildNamed(basename(annotation));
  if (named === null) return { build: await sureBuild(signs), doubt: null };
  return { build: buildName(named), doubt: await buildDoubt(named, signs) };
}

/** That the places fit another build than the one that was named, in a sentence; null where nothing speaks against it. */
async function buildDoubt(named: string, { name, places, headers }: GenomeSigns): Promise<string | null> {
  const guess = await guessBuild(places, headers);
  if (!guess.sure || guess.build === null || guess.build === named) return null;
  const [why, best] = guess.evidence;
  return `${named} was named as the genome of ${name}, but its places fit ${guess.build}: ${why}${best === undefined ? '' : ` (${best})`}.`;
}

async function doubted(
  models: GeneModels,
  source: string,
  build: string | null,
  signs: GenomeSigns,
): Promise<PreparationNote[]> {
  const doubt = build === null ? null : await buildDoubt(build, signs);
  const notes = modelNotes(models, source);
  return doubt === null ? notes : [{ step: 'gene-activity', text: doubt, severity: 'warning' }, ...notes];
}

function guessNote(name: string, guess: BuildGuess): PreparationNote {
  const [why, best] = guess.evidence;
  const text = `The genome of ${name} was taken to be ${guess.build}: ${why}${best === undefined ? '' : ` (${best})`}.`;
  return { step: 'gene-activity', text, severity: guess.sure ? 'info' : 'warning' };
}

function modelNotes({ genes, notes }: GeneModels, source: string): PreparationNote[] {
  const note = (text: string): PreparationNote => ({ step: 'gene-activity', text, severity: 'info' });
  return [note(`Gene activity is counted for ${countText(genes.length)} entries of ${source}.`), ...notes.map(note)];
}

/** What is meant for a file, and not for the name of a build. */
const isPath = /[\\/]|\.(gtf|gff3?|bed|txt|tsv|gz|bgz|zip)$/i;

/** Whether something is there that can be read; a folder that happens to be called hg38 does not count. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => !facts.isDirectory(),
    () => false,
  );
}
