import { createWriteStream, existsSync, openAsBlob } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import Sqlite from 'better-sqlite3';
import { BlobReader, configure, ZipReader, ZipWriter, type Entry } from '@zip.js/zip.js';
import { AppError, type ErrorDetails } from '#core/base/app-error';
import { arrayFileEnding } from './array-file.ts';
import { ArrayFolder } from './array-folder.ts';
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
  const stream = createWriteStream(draft, { flags: 'wx' });
  try {
    const named = await snapshot(resolve(project), join(work, databaseName));
    const arrays = new ArrayFolder(resolve(project));
    const zip = new ZipWriter(Writable.toWeb(stream) as WritableStream<Uint8Array>);
    await zip.add(databaseName, new BlobReader(await openAsBlob(join(work, databaseName))));
    for (const { hash, name } of named) {
      await arrays.read(hash, name); // a damaged array is told here, not on another computer
      const file = `arrays/${hash}${arrayFileEnding}`;
      await zip.add(file, new BlobReader(await openAsBlob(join(resolve(project), file))));
    }
    await zip.close();
    await syncFile(draft);
    await rename(draft, target);
  } catch (error) {
    stream.destroy();
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
  if (!existsSync(zipPath)) throw refused(zipPath, 'there is no such file');
  const place = beginFolder(resolve(folder));
  try {
    await unpack(resolve(zipPath), place.draft);
    await checkUnpacked(zipPath, place.draft);
    place.finish();
  } catch (error) {
    place.giveUp();
    throw projectError(folder, error);
  }
}

/** Throws unless the unpacked folder opens as a project and all its arrays are whole; the errors name the zip. */
async function checkUnpacked(zipPath: string, draft: string): Promise<void> {
  let project;
  try {
    project = openProject(draft);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'project.newer-version')
      throw new AppError('project.newer-version', {
        ...(error.details as ErrorDetails<'project.newer-version'>),
        path: zipPath,
      });
    if (error.code === 'project.damaged-database' || error.code === 'project.not-a-project')
      throw refused(zipPath, 'its database is not that of a whole project', error);
    throw error;
  }
  try {
    const [damage] = await project.verifyArrays();
    if (damage !== undefined) throw refused(zipPath, 'an array in it is missing or damaged', damage);
  } finally {
    project.close();
  }
}

/** A copy of the database alone, in which nothing goes on; gives the arrays it names. */
async function snapshot(project: string, copy: string): Promise<{ hash: string; name: string }[]> {
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
  const named = namedArrayFiles(db);
  db.close();
  return named;
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
