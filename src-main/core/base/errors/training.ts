import type { ErrorEntries } from './entry.ts';

export const trainingErrors = {
} as const satisfies ErrorEntries;
