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
  'request.no-arrivals': {
    says: (d: { name: string }) =>
      `${d.name} cannot be handed over here; the desktop window reads files where they lie.`,
    remedy: 'Choose the file with the button beside the field.',
  },
  'request.bad-file-name': {
    says: (d: { name: string }) => `A file cannot be kept under the name “${d.name}”.`,
    remedy: 'Rename the file to letters, digits, dots and dashes, and drop it again.',
  },
  'request.no-room-for-file': {
    says: (d: { name: string; sizeBytes: number; free: number; folder: string }) =>
      `${d.name} has ${size(d.sizeBytes)}, and ${size(d.free)} are free on the disk of ${d.folder} for files that are dropped.`,
    remedy: 'Free some space there; or pick the file in the list of folders, where it is read without a copy.',
  },
  'request.file-cut-off': {
    says: (d: { name: string; came: number; sizeBytes: number }) =>
      `${d.name} did not arrive whole: ${d.came} of ${d.sizeBytes} bytes came. Nothing of it was kept.`,
    remedy: 'Drop the file again.',
  },
  'request.file-already-there': {
    says: (d: { name: string; folder: string }) => `There is a file ${d.name} in ${d.folder} already.`,
    remedy: 'Drop the file by itself.',
  },
  'request.no-such-ticket': {
    says: () => 'These bytes belong to no file that was announced.',
    remedy: 'Drop the file again.',
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
        : `The run keeps no column "${d.column}" of its studies; it keeps ${firstOf(d.known)}.`,
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

function size(bytes: number): string {
  return bytes < 1e6
    ? `${bytes} bytes`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Names in a sentence; studies can have hundreds. */
function firstOf(names: readonly string[]): string {
  return names.length <= 10 ? names.join(', ') : `${names.slice(0, 9).join(', ')} and ${names.length - 9} more`;
}
