import { chmod, constants, copyFile, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { columnLength } from '#core/data/column';
import type { Column } from '#core/data/column';
import type { CellEmbedding, Study } from '#core/data/study';
import type { Group } from 'h5wasm/node';
import { Hdf5File } from '../hdf5/hdf5-file.ts';
import { kindOfFile } from '../hdf5/hdf5-kind.ts';
import { isLibraryError, reasonOf } from '../hdf5/library-errors.ts';
import { loadHdf5, retireHdf5 } from '../hdf5/library.ts';
import { frameColumnNames, readFrameIndex } from './read-frame.ts';
import { writeDictIfMissing, writeColumn, writeColumnOrder } from './write-frame.ts';
import type { FrameVersion } from './write-frame.ts';
import { writeEmbedding, writeFreshH5ad } from './write-fresh-h5ad.ts';

export interface AnnotatedH5ad {
  /** The user's own file, where the study was read from one; it is only read. */
  readonly source: string | null;
  readonly target: string;
  readonly study: Study;
  /** Columns to add to the cells; each as long as the study has cells. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Tables of numbers to add; one row per cell. */
  readonly embeddings: ReadonlyMap<string, CellEmbedding>;
}

export interface WrittenH5ad {
  /** `copy`: everything in the source and the additions. `fresh`: the study and the additions. */
  readonly form: 'copy' | 'fresh';
  /** Wanted name → name in the file, which differs where the wanted one was taken. */
  readonly columns: ReadonlyMap<string, string>;
  readonly embeddings: ReadonlyMap<string, string>;
}

/**
 * Writes an .h5ad with columns and embeddings added, which Python's anndata opens. Where `source` is an AnnData file
 * (0.7 or later) with the study's cells in the study's order, it is a copy of that file; otherwise the study itself
 * is written. Names that are taken get a number: `label`, `label_1`, … The target appears whole or not at all.
 */
export async function writeAnnotatedH5ad(request: AnnotatedH5ad): Promise<WrittenH5ad> {
  checkLengths(request);
  const { source, target } = request;
  if (source !== null && (await isSameFile(source, target))) {
    throw new AppError('writing.would-overwrite-source', { path: target });
  }
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  try {
    const version = source === null ? null : await copyableVersion(source, request.study);
    const copied = source === null || version === null ? null : await writeCopy(source, temporary, version, request);
    const written = copied ?? (await writeFresh(temporary, request));
    const file = await open(temporary, 'r+');
    await file.sync();
    await file.close();
    await rename(temporary, target);
    return written;
  } catch (error) {
    await rm(temporary, { force: true });
    if (!isLibraryError(error) && !isSystemError(error)) throw error;
    if (isLibraryError(error)) retireHdf5();
    const reason = isSystemError(error) ? error.message : reasonOf(error);
    throw new AppError('writing.failed', { path: target, reason }, { cause: error });
  }
}

/** Whether the operating system refused: no such folder, no room, not allowed. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function checkLengths({ study, columns, embeddings }: AnnotatedH5ad): void {
  const cells = study.cells.ids.length;
  for (const [name, column] of columns) {
    if (columnLength(column) !== cells)
      throw new RangeError(`column ${name}: ${columnLength(column)} values for ${cells} cells`);
  }
  for (const [name, { values, width }] of embeddings) {
    if (values.length !== cells * width)
      throw new RangeError(`embedding ${name}: ${values.length} values for ${cells} × ${width}`);
  }
}

async function isSameFile(source: string, target: string): Promise<boolean> {
  const there = await stat(target).catch(() => null);
  if (there === null) return false;
  const own = await stat(source);
  return (
    (own.dev === there.dev && own.ino === there.ino && own.ino !== 0) ||
    (await realpath(source)) === (await realpath(target))
  );
}

/** The encoding of the tables of a file that can be copied and added to; null where the study must be written afresh. */
async function copyableVersion(source: string, study: Study): Promise<FrameVersion | null> {
  let file: Hdf5File;
  try {
    file = await Hdf5File.open(source);
  } catch (error) {
    if (error instanceof AppError) return null; // a study from another format
    throw error;
  }
  try {
    if (kindOfFile(file) !== 'h5ad' || file.kindOf('obs') !== 'group') return null;
    if (file.has('obsm') && file.kindOf('obsm') !== 'group') return null;
    const version = file.textAttribute('obs', 'encoding-version');
    if (version !== '0.1.0' && version !== '0.2.0') return null;
    const index = readFrameIndex(file, 'obs');
    const { ids } = study.cells;
    return index.length === ids.length && index.every((id, cell) => id === ids[cell]) ? version : null;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  } finally {
    file.close();
  }
}

/** Copies the source and adds to the copy; null where the library cannot add to it. */
async function writeCopy(
  source: string,
  temporary: string,
  version: FrameVersion,
  request: AnnotatedH5ad,
): Promise<WrittenH5ad | null> {
  await copyFile(source, temporary, constants.COPYFILE_FICLONE);
  await chmod(temporary, 0o644);
  const before = await namesIn(source);
  const columns = freeNames(request.columns.keys(), before.taken);
  const embeddings = freeNames(request.embeddings.keys(), before.embeddings);
  const { api } = await loadHdf5();
  try {
    const root = new api.File(temporary, 'a');
    try {
      const obs = root.get('obs') as Group;
      for (const [name, column] of request.columns) writeColumn(obs, columns.get(name)!, column, version);
      writeColumnOrder(obs, [...before.columns, ...columns.values()]);
      const obsm = writeDictIfMissing(root, 'obsm', version);
      for (const [name, embedding] of request.embeddings) {
        writeEmbedding(obsm, embeddings.get(name)!, embedding, version === '0.2.0');
      }
    } finally {
      root.close();
    }
  } catch (error) {
    if (!isLibraryError(error)) throw error;
    retireHdf5();
    await rm(temporary, { force: true });
    return null;
  }
  return { form: 'copy', columns, embeddings };
}

async function namesIn(source: string): Promise<{ columns: string[]; taken: Set<string>; embeddings: Set<string> }> {
  const file = await Hdf5File.open(source);
  try {
    const columns = frameColumnNames(file, 'obs');
    return { columns, taken: new Set([...columns, ...file.names('obs')]), embeddings: new Set(file.names('obsm')) };
  } finally {
    file.close();
  }
}

async function writeFresh(temporary: string, { study, ...added }: AnnotatedH5ad): Promise<WrittenH5ad> {
  const own = freeNames(study.cells.columns.keys(), new Set());
  const ownEmbeddings = freeNames(study.embeddings.keys(), new Set());
  const columns = freeNames(added.columns.keys(), new Set(own.values()));
  const embeddings = freeNames(added.embeddings.keys(), new Set(ownEmbeddings.values()));
  const { api } = await loadHdf5();
  const root = new api.File(temporary, 'w');
  try {
    await writeFreshH5ad(
      root,
      study,
      new Map([...renamed(study.cells.columns, own), ...renamed(added.columns, columns)]),
      new Map([...renamed(study.embeddings, ownEmbeddings), ...renamed(added.embeddings, embeddings)]),
    );
  } finally {
    root.close();
  }
  return { form: 'fresh', columns, embeddings };
}

/** A free name for each wanted one: without "/", which HDF5 reads as a path, and with a number where it is taken. */
function freeNames(wanted: Iterable<string>, taken: ReadonlySet<string>): Map<string, string> {
  const used = new Set([...taken, '', '.', '_index', '__categories']);
  const names = new Map<string, string>();
  for (const name of wanted) {
    const plain = name.replaceAll('/', '_');
    let free = plain;
    for (let number = 1; used.has(free); number++) free = `${plain}_${number}`;
    used.add(free);
    names.set(name, free);
  }
  return names;
}

function renamed<T>(values: ReadonlyMap<string, T>, names: ReadonlyMap<string, string>): [string, T][] {
  return [...values].map(([name, value]) => [names.get(name)!, value]);
}
