import type { ErrorEntries } from './entry.ts';

export const projectErrors = {
} as const satisfies ErrorEntries;
