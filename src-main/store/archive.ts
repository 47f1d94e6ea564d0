import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import Sqlite from 'better-sqlite3';
import { BlobReader, configure, ZipReader, ZipWriter, type Entry } from '@zip.js/zip.js';
import { AppError } from '#core/base/app-error';
import { arrayFileEnding } from './array-file.ts';
import { databaseName, openDatabase } from './database.ts';
import { beginFolder } from './place-folder.ts';
import { openProject, openProjectReadOnly } from './project.ts';
import { projectError } from './project-errors.ts';
import { namedArrayFiles } from './queries/array-file.ts';
import { temporaryName } from './temporary-name.ts';

configure({ useWebWorkers: false });

/**
 * Writes a whole project into one zip: the database as it is at this moment and the arrays it names. Runs that wait or go
 * on are in it as interrupted. The zip appears under its name only when it is complete. The project may be in use.
 */
export async function exportProject(project: string, zipPath: string): Promise<void> {
  openProjectReadOnly(project).close(); // an error of the catalogue for anything that is no project
  const target = resolve(zipPath);
  const work = await mkdtemp(join(tmpdir(), 'cellpredx-'));
  const draft = join(dirname(target), temporaryName(basename(target)));
  try {
    const hashes = await snapshot(resolve(project), join(work, databaseName));
    const zip = new ZipWriter(Writable.toWeb(createWriteStream(draft, { flags: 'wx' })) as WritableStream<Uint8Array>);
    await zip.add(databaseName, new BlobReader(await openAsBlob(join(work, databaseName))));
    for (const hash of hashes)
      await zip.add(`arrays/${hash}${arrayFileEnding}`, new BlobReader(await arrayBlob(resolve(project), hash)));
    await zip.close();
    await syncFile(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw projectError(target, error);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Unpacks a zip of `exportProject` into a new folder. Every array is checked before the project takes its place; an
 * archive with anything else in it than a project is refused whole. Throws `project.damaged-archive`,
 * `project.already-exists`, `project.newer-version`, `project.disk-full`.
 */
export async function importProject(zipPath: string, folder: string): Promise<void> {
  const place = beginFolder(resolve(folder));
  try {
    await unpack(resolve(zipPath), place.draft);
    const project = openProject(place.draft);
    const [damage] = await project.verifyArrays();
    project.close();
    if (damage !== undefined) throw refused(zipPath, damage.message, damage);
    place.finish();
  } catch (error) {
    place.giveUp();
    throw projectError(folder, error);
  }
}

/** A copy of the database alone, in which nothing goes on; gives the hashes it names. */
async function snapshot(project: string, copy: string): Promise<string[]> {
  const source = new Sqlite(join(project, databaseName), { readonly: true, fileMustExist: true });
  try {
    await source.backup(copy);
  } finally {
    source.close();
  }
  const db = openDatabase(dirname(copy));
  // arrays of a checkpoint may be dropped while the zip is being written, those of ended runs stay
  db.exec(`
    DELETE FROM checkpoint WHERE run_id IN (SELECT id FROM run WHERE status = 'running');
    UPDATE run SET status = 'interrupted' WHERE status IN ('queued', 'running');
    DELETE FROM array_file
      WHERE hash NOT IN (SELECT hash FROM run_array) AND hash NOT IN (SELECT hash FROM checkpoint_array);
    VACUUM;
  `);
  const hashes = namedArrayFiles(db).map(({ hash }) => hash);
  db.close();
  return hashes;
}

async function arrayBlob(project: string, hash: string): Promise<Blob> {
  const path = join(project, 'arrays', hash + arrayFileEnding);
  if ((await stat(path).catch(() => null)) === null)
    throw new AppError('project.damaged-array', {
      project,
      name: hash,
      file: join('arrays', hash + arrayFileEnding),
      reason: 'is missing',
    });
  return openAsBlob(path);
}

async function unpack(zipPath: string, draft: string): Promise<void> {
  const zip = new ZipReader(new BlobReader(await openAsBlob(zipPath)));
  try {
    await mkdir(join(draft, 'arrays'));
    let databases = 0;
    for (const entry of await zip.getEntries()) {
      if (entry.directory) continue;
      const isDatabase = entry.filename === databaseName;
      if (!isDatabase && !/^arrays\/[0-9a-f]{64}\.cpxarray$/.test(entry.filename))
        throw refused(zipPath, `it holds ${entry.filename}, which is no part of a project`);
      if (isDatabase) databases++;
      await extract(entry, join(draft, entry.filename));
    }
    if (databases !== 1) throw refused(zipPath, `it holds no ${databaseName}`);
  } catch (error) {
    const known = projectError(draft, error);
    if (known instanceof AppError || !(error instanceof Error)) throw known;
    throw refused(zipPath, `it is not a whole zip file (${error.message})`, error);
  } finally {
    await zip.close();
  }
}

async function extract(entry: Exclude<Entry, { directory: true }>, path: string): Promise<void> {
  await entry.getData(Writable.toWeb(createWriteStream(path, { flags: 'wx' })) as WritableStream<Uint8Array>, {
    checkSignature: true,
  });
  await syncFile(path);
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

function refused(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('project.damaged-archive', { path, reason }, { cause });
}
