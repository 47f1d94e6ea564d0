import Sqlite from 'better-sqlite3';
import { AppError } from '#core/base/app-error';

/** Runs work on a project's files; what the disk or the database refuses becomes an error of the catalogue. */
export function withProjectErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw projectError(path, error);
  }
}

/** An error of the disk or of SQLite as one of the catalogue; any other error unchanged. */
export function projectError(path: string, error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const options = { cause: error };
  if (error instanceof Sqlite.SqliteError) {
    if (code === 'SQLITE_FULL') return new AppError('project.disk-full', { path }, options);
    if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return new AppError('project.busy', { path }, options);
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
      return new AppError('project.damaged-database', { path, detail: error.message }, options);
    if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code))
      return new AppError('project.read-only', { path, detail: error.message }, options);
    if (code.startsWith('SQLITE_IOERR'))
      return new AppError('project.disk-fault', { path, detail: `${error.message}, ${code}` }, options);
    return error;
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new AppError('project.disk-full', { path }, options);
  if (code === 'ENOTDIR' || code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new AppError('project.read-only', { path, detail: code }, options);
  if (code === 'EIO' || code === 'ENXIO' || code === 'ESTALE')
    return new AppError('project.disk-fault', { path, detail: code }, options);
  return error;
}
