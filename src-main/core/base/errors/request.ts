import type { ErrorEntries } from './entry.ts';

/** What can be wrong with a request of the window, or with what a person asked for in it. */
export const requestErrors = {
  'request.unknown-channel': {
    says: (d: { channel: string }) => `There is no request called ${d.channel}.`,
    remedy: 'Reload the window; it belongs to another version of the application.',
  },
  'request.bad-arguments': {
    says: (d: { channel: string; problem: string }) => `The request ${d.channel} was refused: ${d.problem}.`,
    remedy: 'Correct the value named and try again.',
  },
  'request.no-dialog': {
    says: () => 'A browser cannot open the file dialog of the computer that runs CellPredX Studio.',
    remedy: 'Choose the file in the list of folders instead.',
  },
  'request.outside-roots': {
    says: (d: { path: string; roots: readonly string[] }) =>
      `${d.path} lies outside the folders opened to the browser: ${d.roots.join(', ')}.`,
    remedy: 'Start the browser front with --root for the folder that holds your files.',
  },
  'request.not-a-folder': {
    says: (d: { path: string }) => `${d.path} is a file, and a folder was asked for.`,
    remedy: 'Choose the folder that holds it.',
  },
  'request.folder-unreadable': {
    says: (d: { path: string; reason: string }) => `The folder ${d.path} cannot be read: ${d.reason}.`,
    remedy: 'Ask for the right to read it, or choose another folder.',
  },
  'request.inspection-too-slow': {
    says: (d: { path: string; seconds: number }) =>
      `Looking into ${d.path} took longer than ${d.seconds} seconds and was stopped.`,
    remedy: 'Copy the file to a disk of this computer and choose it there.',
  },
  'request.taken-back': {
    says: (d: { path: string }) => `Looking into ${d.path} was stopped before it was done.`,
    remedy: 'Ask again when the answer is wanted.',
  },
  'request.inspection-ended': {
    says: (d: { path: string; reason: string }) => `Looking into ${d.path} ended before it was done: ${d.reason}.`,
    remedy: 'Check that the file is whole, for example by opening it in the program that wrote it.',
  },
  'request.inspection-killed': {
    says: (d: { path: string; signal: string }) =>
      `Looking into ${d.path} was ended from outside (${d.signal}); most often the system does so when memory runs out.`,
    remedy: 'Close other programs, then ask again.',
  },
  'request.run-not-finished': {
    says: (d: { runId: string; state: string }) => `The run ${d.runId} has no result to show; it is ${d.state}.`,
    remedy: 'Wait until it has finished, or resume it.',
  },
  'request.no-feature-values': {
    says: (d: { reason: string }) => `The values of single features cannot be shown. ${d.reason}`,
    remedy: 'Run the annotation again; the new run keeps them.',
  },
  'request.no-such-feature': {
    says: (d: { feature: string }) => `The query has no feature called ${d.feature}.`,
    remedy: 'Choose one of the names that are offered while you type.',
  },
  'request.no-such-column': {
    says: (d: { column: string; known: readonly string[] }) =>
      d.known.length === 0
        ? `The run keeps no columns of its studies, so there is no "${d.column}".`
        : `The run keeps no column "${d.column}" of its studies; it keeps ${d.known.join(', ')}.`,
    remedy: 'Choose one of the columns that are offered, or run the annotation again if the files have changed.',
  },
  'request.no-such-cell': {
    says: (d: { cell: number; cells: number }) =>
      `There is no query cell number ${d.cell + 1}; the query has ${d.cells}.`,
    remedy: 'Reload the result.',
  },
  'request.bad-option': {
    says: (d: { problem: string }) => `The browser front cannot start so: ${d.problem}.`,
    remedy: 'Add --help to see the options.',
  },
  'request.port-taken': {
    says: (d: { port: number; reason: string }) => `Port ${d.port} of this computer cannot be used (${d.reason}).`,
    remedy: 'Leave --port out to take a free one, or name another.',
  },
  'request.page-not-built': {
    says: (d: { folder: string }) => `The page of the application is not at ${d.folder}.`,
    remedy: 'Start with `npm start`, which builds it first.',
  },
} as const satisfies ErrorEntries;
