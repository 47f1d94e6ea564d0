import { readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '#core/base/app-error';

/** The files every run writes, besides `figures/`. Nothing else may lie in the folder. */
const ownFiles = [
  'labels.csv',
  'probabilities.csv.gz',
  'embedding.csv.gz',
  'markers.csv',
  'gene_sets.csv',
  'key_genes.csv',
  'model.cpxmodel',
  'summary.json',
  'README.txt',
  'query.annotated.h5ad',
  'figures',
] as const;

/** Where files are made before they take their places; one that a kill left behind is cleared by the next run. */
const stagingName = /^\.cellpredx-\d+\.part$/;

/** The names that figures have, whatever the method and the files of a run. */
const ownFigure = new RegExp(
  `^(${[
    ...['umap-[a-z-]+', 'features-[a-z-]+', 'confidence', 'confusion', 'label-composition', 'loss-curves'],
    ...['true-to-predicted', 'studies-before-after', 'label-graph(-own)?', 'pathway-violins', 'gene-networks'],
    'fragments-per-barcode(-\\d+)?',
  ].join('|')})\\.(svg|csv)$`,
);

/** Results that are made and wait to take their places. Plain data, so that one process can make and another place them. */
export interface StagedResults {
  readonly directory: string;
  /** Folder within `directory` that holds them. */
  readonly staging: string;
  /** Paths that they will have. */
  readonly files: readonly string[];
}

/**
 * Checks that results may be written to a folder: it does not exist, is empty, or holds nothing but results of an
 * earlier run, which are then replaced. Anything else is refused, so that nothing of the user's is written over, and so
 * is a place where the system takes no folder, which is tried out.
 *
 * @param inputs files that the run reads; none of them may lie in the folder
 * @throws AppError `command.out-is-a-file`, `command.out-holds-other-files`, `command.out-holds-an-input`,
 *   `command.cannot-write`
 */
export async function checkResultsFolder(directory: string, inputs: readonly string[]): Promise<void> {
  await tryFolder(directory);
  const there = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw cannotWrite(directory, error);
  });
  if (there === null) return;
  const foreign =
    there.find((name) => !(ownFiles as readonly string[]).includes(name) && !stagingName.test(name)) ??
    (await figuresIn(directory)).map((name) => join('figures', name)).find((name) => !ownFigure.test(basename(name)));
  if (foreign !== undefined) throw new AppError('command.out-holds-other-files', { path: directory, example: foreign });
  const place = await realpath(directory);
  for (const input of inputs) {
    const way = relative(place, await realpath(input).catch(() => input));
    if (!isAbsolute(way) && way.split(sep)[0] !== '..')
      throw new AppError('command.out-holds-an-input', { path: directory, input });
  }
}

/**
 * Makes sure that files can be made in a folder, by making it and one within it; what was made is taken away again.
 * @throws AppError `command.out-is-a-file`, `command.cannot-write`
 */
export async function tryFolder(path: string): Promise<void> {
  const made = await makeFolders(stagingOf(path));
  removeFolders(made);
}

/**
 * Makes a folder and those above it that are missing, one after the other: where the system takes none (`/proc`), Node's
 * own way of making several does not end.
 * @returns the folders made, the outermost first
 */
async function makeFolders(path: string): Promise<string[]> {
  if (await isFolder(path)) return [];
  const above = dirname(path);
  const made = above === path ? [] : await makeFolders(above);
  try {
    await mkdir(path);
    return [...made, path];
  } catch (error) {
    removeFolders(made);
    throw cannotWrite(path, error as NodeJS.ErrnoException);
  }
}

/** The folders on the way to `path` and itself that do not exist, the outermost first. */
export async function missingFolders(path: string): Promise<string[]> {
  if (await isFolder(path)) return [];
  const above = dirname(path);
  return above === path ? [path] : [...(await missingFolders(above)), path];
}

/** False where there is nothing; a file is refused. */
async function isFolder(path: string): Promise<boolean> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw cannotWrite(path, error);
  });
  if (facts !== null && !facts.isDirectory()) throw new AppError('command.out-is-a-file', { path });
  return facts !== null;
}

/** Turns what the system says against writing into an error that names the place. */
export function cannotWrite(path: string, error: NodeJS.ErrnoException): AppError {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'the system does not allow it',
    EPERM: 'the system does not allow it',
    EROFS: 'its disk can only be read',
    ENOSPC: 'its disk is full',
    ENOENT: 'the system takes no files there',
  };
  const reason = reasons[error.code ?? ''] ?? error.message;
  return new AppError('command.cannot-write', { path: error.path ?? path, reason }, { cause: error });
}

function stagingOf(directory: string): string {
  return join(directory, `.cellpredx-${process.pid}.part`);
}

/** Makes a folder and, within it, an empty one to make files in. Gives back which folders were missing before. */
export async function openStaging(directory: string): Promise<{ staging: string; made: readonly string[] }> {
  const made = await makeFolders(directory);
  try {
    const staging = stagingOf(directory);
    await makeFolders(staging);
    return { staging, made };
  } catch (error) {
    removeFolders(made);
    throw error;
  }
}

/**
 * Puts results in their places; those of an earlier run go first. Nothing comes between its steps, so that a wish to
 * cancel is heard before it or after it.
 */
export function placeResults({ directory, staging, files }: StagedResults): readonly string[] {
  try {
    removeResults(directory);
    for (const name of readdirSync(staging)) renameSync(join(staging, name), join(directory, name));
    rmdirSync(staging);
    return files;
  } catch (error) {
    throw cannotWrite(directory, error as NodeJS.ErrnoException);
  }
}

/**
 * Takes away what a run that ends without results has made.
 * @param made folders that were missing before it, the outermost first; those that hold something stay
 */
export function discardResults(directory: string, made: readonly string[]): void {
  clearStaging(directory);
  removeFolders(made);
}

/** Takes away those folders of a list, the innermost last, that hold nothing. */
export function removeFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder);
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

/** Takes away what killed runs left in a folder for results. */
export function clearStaging(directory: string): void {
  for (const name of namesIn(directory)) {
    if (stagingName.test(name)) rmSync(join(directory, name), { recursive: true, force: true });
  }
}

/** Takes the files of a run away; the folder itself stays. */
function removeResults(directory: string): void {
  const figures = join(directory, 'figures');
  for (const name of ownFiles) if (name !== 'figures') rmSync(join(directory, name), { force: true });
  for (const name of namesIn(figures)) rmSync(join(figures, name), { force: true });
  if (namesIn(directory).includes('figures')) rmdirSync(figures);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function figuresIn(directory: string): Promise<string[]> {
  return readdir(join(directory, 'figures')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw cannotWrite(directory, error);
  });
}
