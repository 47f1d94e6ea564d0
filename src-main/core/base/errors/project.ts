import type { ErrorEntries } from './entry.ts';

/** What a person can mend: see `entry.ts`. */
export const projectErrors = {} as const satisfies ErrorEntries;
