import { AppError, type WireError } from '#core/base/app-error';

/** An error that ended a run, as it crosses to the other process. What is not in the catalogue is a fault of ours. */
export function runError(error: unknown): WireError {
  if (error instanceof AppError) return error.toWire();
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(error)) return new AppError('project.run-out-of-memory', { detail: message }).toWire();
  return {
    code: 'internal.fault',
    message: `CellPredX has a fault: ${message}`,
    remedy: 'Report it with the log of this run; resuming the run goes on from its last checkpoint.',
  };
}

/** What V8 and WebAssembly say when memory cannot be had. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /array buffer allocation failed|invalid typed array length|could not allocate memory|memory\.grow|out of memory/i.test(
      error.message,
    )
  );
}
