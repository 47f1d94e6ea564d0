import type { ErrorEntries } from './entry.ts';

/** What can be wrong with a project on disk, its archive, or a run's process. */
export const projectErrors = {
  'project.no-such-folder': {
    says: (d: { path: string }) => `There is no project at ${d.path}.`,
    remedy: 'Check the path, or choose the project again if its folder was moved.',
  },
  'project.not-a-project': {
    says: (d: { path: string; reason: string }) => `${d.path} is not a CellPredX project: ${d.reason}.`,
    remedy: 'Choose a folder that CellPredX made; its name usually ends in .cpx.',
  },
  'project.already-exists': {
    says: (d: { path: string }) => `There is already something at ${d.path}, and a new project does not overwrite it.`,
    remedy: 'Choose another name or folder for the new project.',
  },
  'project.newer-version': {
    says: (d: { path: string; version: number; known: number }) =>
      `The project ${d.path} has version ${d.version}; this CellPredX knows versions up to ${d.known}.`,
    remedy: 'Update CellPredX, then open the project again; nothing in it was changed.',
  },
  'project.read-only': {
    says: (d: { path: string; detail: string }) => `${d.path} cannot be written to (${d.detail}).`,
    remedy: 'Copy the project to a disk and folder where you may write, and open the copy.',
  },
  'project.disk-full': {
    says: (d: { path: string }) =>
      `The disk that holds ${d.path} is full. What was saved before is intact; only the last piece of work could not be written.`,
    remedy: 'Free some space on this disk, then resume the run.',
  },
  'project.no-room': {
    says: (d: { path: string; needed: number; free: number }) =>
      `The rows of this run are too many for memory and need ${gigabytes(d.needed)} of disk; ${gigabytes(d.free)} are free where they would lie, in ${d.path}.`,
    remedy: 'Free some space on this disk, or run from a project on a larger one.',
  },
  'project.disk-fault': {
    says: (d: { path: string; detail: string }) => `The disk could not read or write ${d.path} (${d.detail}).`,
    remedy: 'Check that the disk is still connected, then open the project again.',
  },
  'project.damaged-database': {
    says: (d: { path: string; detail: string }) => `The database of the project ${d.path} is damaged (${d.detail}).`,
    remedy: 'Import the project from its last exported zip, or restore the folder from a backup.',
  },
  'project.damaged-array': {
    says: (d: { project: string; name: string; file: string; reason: string }) =>
      `The array ${d.name} of the project ${d.project} is damaged: ${d.file} ${d.reason}.`,
    remedy: 'Start the run it belongs to once more, or restore this one file from a backup.',
  },
  'project.busy': {
    says: (d: { path: string }) => `Another program has been writing to the project ${d.path} for too long.`,
    remedy: 'Close other programs that use this folder (a backup or a sync tool), then try again.',
  },
  'project.in-use': {
    says: (d: { path: string; holder: string }) => `The runs of the project ${d.path} are managed by ${d.holder}.`,
    remedy: 'Close the project there first, or open it here for reading only.',
  },
  'project.no-such-run': {
    says: (d: { path: string; runId: string }) => `The project ${d.path} has no run ${d.runId}.`,
    remedy: 'Choose a run from the list; this one may have been deleted.',
  },
  'project.no-such-part': {
    says: (d: { runId: string; name: string; status: string; known: string }) =>
      `The run ${d.runId} (${d.status}) has no result called ${d.name}; it has: ${d.known}.`,
    remedy: 'Wait until the run has finished, or start it again with the setting that makes this result.',
  },
  'project.run-going-on': {
    says: (d: { runId: string; status: string }) =>
      `The run ${d.runId} is ${d.status}, so nothing of it can be removed.`,
    remedy: 'Wait until it has finished, or cancel it first.',
  },
  'project.run-not-resumable': {
    says: (d: { runId: string; status: string }) => `The run ${d.runId} is ${d.status}, so there is nothing to resume.`,
    remedy: 'Start a new run instead.',
  },
  'project.damaged-archive': {
    says: (d: { path: string; reason: string }) => `${d.path} cannot be imported as a project: ${d.reason}.`,
    remedy: 'Export the project again where it came from, and copy the zip once more.',
  },
  'project.run-out-of-memory': {
    says: (d: { detail: string }) => `The run needed more memory than this computer could give it (${d.detail}).`,
    remedy: 'Close other programs or choose fewer features, then resume the run.',
  },
  'project.run-killed': {
    says: (d: { signal: string }) =>
      `The run's process was ended from outside (${d.signal}); most often the system does so when memory runs out.`,
    remedy: 'Close other programs, then resume the run; it goes on from its last checkpoint.',
  },
  'project.run-crashed': {
    says: (d: { how: string; lastLine: string }) =>
      `The run's process ended by itself (${d.how})${d.lastLine === '' ? '' : `; its last words: ${d.lastLine}`}.`,
    remedy: 'Resume the run; if it ends the same way again, choose another engine.',
  },
  'project.run-not-started': {
    says: (d: { program: string; detail: string }) =>
      `The run's process ${d.program} could not be started (${d.detail}).`,
    remedy: 'Install CellPredX again, or allow it to start programs if a security tool prevents it.',
  },
} as const satisfies ErrorEntries;

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
