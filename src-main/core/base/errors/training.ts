import type { ErrorEntries } from './entry.ts';

/** What a person can mend: see `entry.ts`. */
export const trainingErrors = {} as const satisfies ErrorEntries;
