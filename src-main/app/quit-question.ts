import type { Dialog, MessageBoxOptions } from 'electron';

/** What becomes of the application when a person quits while runs go on. */
export type QuitChoice = 'keep-computing' | 'stop-and-quit' | 'stay';

const choices: readonly QuitChoice[] = ['keep-computing', 'stop-and-quit', 'stay'];

/** The question; closing it changes nothing. @param runs that compute or wait */
export function quitQuestion(runs: number): MessageBoxOptions {
  return {
    type: 'question',
    message: runs === 1 ? 'A run is going on.' : `${runs} runs are going on or waiting.`,
    detail:
      'It can go on without a window; the application then ends by itself after the last run. Stopping keeps what was learned: the run can be resumed from its last checkpoint.',
    buttons: ['Close the window, keep computing', 'Stop and quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  };
}

/** Asks, unless nothing runs. */
export async function askBeforeQuit(dialog: Pick<Dialog, 'showMessageBox'>, runs: number): Promise<QuitChoice> {
  if (runs === 0) return 'stop-and-quit';
  const { response } = await dialog.showMessageBox(quitQuestion(runs));
  return choices[response] ?? 'stay';
}
