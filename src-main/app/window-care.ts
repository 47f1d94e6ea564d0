import type { BrowserWindow, Dialog } from 'electron';

/** A page that dies again so soon after it was loaded anew would only die once more. */
const SOON_MS = 60_000;

/**
 * Looks after a window whose page crashed or hangs. Runs are not touched by either: they have processes of their own. A page
 * that crashed is loaded again, the second time within a minute only after asking; a page that hangs is loaded again if the
 * person wishes.
 *
 * @param now milliseconds of any clock
 */
export function careForWindow(
  window: Pick<BrowserWindow, 'on' | 'reload' | 'close'> & {
    readonly webContents: Pick<BrowserWindow['webContents'], 'on'>;
  },
  dialog: Pick<Dialog, 'showMessageBox'>,
  now: () => number = Date.now,
): void {
  let crashedAt = -Infinity;
  let asking = false;

  async function ask(message: string, detail: string, buttons: readonly [string, string]): Promise<number> {
    asking = true;
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message,
      detail,
      buttons: [...buttons],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    });
    asking = false;
    return response;
  }

  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const soon = now() - crashedAt < SOON_MS;
    crashedAt = now();
    if (!soon) return window.reload();
    void ask('The window has crashed again.', `Runs go on. (${reason})`, ['Load it again', 'Close the window']).then(
      (answer) => (answer === 0 ? window.reload() : window.close()),
    );
  });
  window.on('unresponsive', () => {
    if (asking) return;
    void ask('The window does not answer.', 'Runs go on. What was typed is kept.', ['Wait', 'Load it again']).then(
      (answer) => answer === 1 && window.reload(),
    );
  });
}
