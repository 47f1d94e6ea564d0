import type { ErrorEntries } from './entry.ts';

export const preparingErrors = {
} as const satisfies ErrorEntries;
