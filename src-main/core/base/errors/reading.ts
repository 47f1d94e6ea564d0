import type { ErrorEntries } from './entry.ts';

/** What can be wrong with a file of the user's. */
export const readingErrors = {
  'reading.no-such-file': {
    says: (d: { path: string }) => `There is no file or folder at ${d.path}.`,
    remedy: 'Check the path, or choose the file again if it was moved.',
  },
} as const satisfies ErrorEntries;
