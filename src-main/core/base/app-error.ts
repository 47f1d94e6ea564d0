import { chromatinErrors } from './errors/chromatin.ts';
import { commandErrors } from './errors/command.ts';
import { drawingErrors } from './errors/drawing.ts';
import { preparingErrors } from './errors/preparing.ts';
import { projectErrors } from './errors/project.ts';
import { readingErrors } from './errors/reading.ts';
import { readingGeneSetErrors } from './errors/reading-gene-sets.ts';
import { readingGenomeErrors } from './errors/reading-genome.ts';
import { readingHdf5Errors } from './errors/reading-hdf5.ts';
import { readingModelErrors } from './errors/reading-model.ts';
import { requestErrors } from './errors/request.ts';
import { trainingErrors } from './errors/training.ts';

/**
 * Every failure a user can cause or repair, in one list (a file per area in `errors/`).
 *
 * `says` states what is wrong with the user's own values in it; `remedy` is one
 * thing they can do next. Both are shown in the same dialog, so neither repeats
 * the other. A fault in our code is not listed here: it stays a plain `Error`.
 */
const catalogue = {
  ...readingErrors,
  ...readingHdf5Errors,
  ...readingGenomeErrors,
  ...readingGeneSetErrors,
  ...readingModelErrors,
  ...preparingErrors,
  ...chromatinErrors,
  ...trainingErrors,
  ...projectErrors,
  ...commandErrors,
  ...requestErrors,
  ...drawingErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;
export type ErrorDetails<C extends ErrorCode> = Parameters<(typeof catalogue)[C]['says']>[0];

/** The form that crosses a process boundary; classes do not survive structured cloning. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';
  readonly code: C;
  readonly details: ErrorDetails<C>;
  readonly remedy: string;

  constructor(code: C, details: ErrorDetails<C>, options?: { cause?: unknown }) {
    const entry = catalogue[code] as unknown as { says: (d: ErrorDetails<C>) => string; remedy: string };
    super(entry.says(details), options);
    this.code = code;
    this.details = details;
    this.remedy = entry.remedy;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, remedy: this.remedy };
  }
}

/** All codes of the catalogue, for the manual and the tests. */
export const errorCodes = Object.keys(catalogue) as readonly ErrorCode[];
