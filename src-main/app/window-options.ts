import type { BrowserWindowConstructorOptions } from 'electron';
import type { WindowPlace } from './window-place.ts';

/** The window: a sandboxed page without Node, with one preload, shown when it has something to show. */
export function windowOptions(
  place: WindowPlace,
  files: { readonly preload: string; readonly icon: string; readonly dark: boolean; readonly developer: boolean },
): BrowserWindowConstructorOptions {
  return {
    ...place.bounds,
    minWidth: 960,
    minHeight: 640,
    title: 'CellPredX Studio',
    icon: files.icon,
    show: false,
    backgroundColor: files.dark ? '#0f1413' : '#f3f5f2', // the ground of the page, so that nothing flashes
    webPreferences: {
      preload: files.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: files.developer,
    },
  };
}
