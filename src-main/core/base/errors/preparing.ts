import type { ErrorEntries } from './entry.ts';

/** What a person can mend: see `entry.ts`. */
export const preparingErrors = {} as const satisfies ErrorEntries;
