import type { ErrorEntries } from './entry.ts';

/** What can be wrong with a file that should hold a trained model. */
export const readingModelErrors = {
  'reading.not-a-model': {
    says: (d: { file: string }) => `${d.file} is not a model file.`,
    remedy: 'Choose a file `model.cpxmodel`, as it lies beside `labels.csv` in the results of a run.',
  },
  'reading.model-newer': {
    says: (d: { file: string; layout: number; known: number }) =>
      `${d.file} was written by a newer version: its layout is ${d.layout}, and ${d.known} is the newest that is known here.`,
    remedy: 'Renew this application, or export the model with the version that you have.',
  },
  'reading.model-damaged': {
    says: (d: { file: string; reason: string }) => `${d.file} is damaged: ${d.reason}.`,
    remedy: 'Copy the file again from where it was made, or export the model once more.',
  },
} as const satisfies ErrorEntries;
