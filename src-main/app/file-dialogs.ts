import type { BrowserWindow, Dialog, OpenDialogOptions } from 'electron';
import type { ParsedArgs } from '#contract/requests';
import type { Dialogs } from '#handlers/services';

type Purpose = ParsedArgs<'files:choose'>['purpose'];

/** The system's file dialog over the window, or by itself where there is none. */
export function fileDialogs(dialog: Pick<Dialog, 'showOpenDialog'>, window: () => BrowserWindow | undefined): Dialogs {
  return {
    async choose(purpose) {
      const options = dialogOptions(purpose);
      const parent = window();
      const answer = await (parent === undefined
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options));
      return answer.canceled ? [] : answer.filePaths;
    },
  };
}

const allFiles = { name: 'All files', extensions: ['*'] };

/** What the dialog shows for each purpose. Files are filtered by name only as a help; what a file is, its content tells. */
export function dialogOptions(purpose: Purpose): OpenDialogOptions {
  switch (purpose) {
    case 'study-files':
      return {
        title: 'Choose the files of the study',
        properties: ['openFile', 'multiSelections'],
        filters: [
          { name: 'Single-cell studies', extensions: ['h5ad', 'h5mu', 'h5', 'loom', 'mtx', 'csv', 'tsv', 'txt', 'gz'] },
          allFiles,
        ],
      };
    case 'study-folder':
      return { title: 'Choose the folder of the study', properties: ['openDirectory'] };
    case 'labels-file':
      return {
        title: 'Choose the table of labels',
        properties: ['openFile'],
        filters: [{ name: 'Tables', extensions: ['csv', 'tsv', 'txt', 'gz'] }, allFiles],
      };
    case 'genome-file':
      return {
        title: 'Choose the file',
        properties: ['openFile'],
        filters: [
          {
            name: 'Peaks, genes, gene sets, chains and lists',
            extensions: ['bed', 'narrowPeak', 'gtf', 'gff3', 'gff', 'gmt', 'chain', 'csv', 'tsv', 'txt', 'gz'],
          },
          allFiles,
        ],
      };
    case 'project':
      return { title: 'Open a project', properties: ['openDirectory'] };
    case 'project-file':
      return {
        title: 'Import a project',
        properties: ['openFile'],
        filters: [{ name: 'Exported projects', extensions: ['zip'] }, allFiles],
      };
    case 'directory':
      return { title: 'Choose a folder', properties: ['openDirectory', 'createDirectory'] };
  }
}
