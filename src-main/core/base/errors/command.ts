import type { ErrorEntries } from './entry.ts';

export const commandErrors = {
} as const satisfies ErrorEntries;
