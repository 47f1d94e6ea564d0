import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, shell } from 'electron';
import { join } from 'node:path';
import { createHandlers } from '#handlers/create-handlers';
import { createServices } from '#handlers/create-services';
import { logToStderr } from '#handlers/dispatch';
import { readPageFiles } from '#handlers/page-files';
import { forkCompute } from '#jobs/compute-child';
import { JobQueue } from '#jobs/queue';
import { desktopPlaces } from './desktop-places.ts';
import { fileDialogs } from './file-dialogs.ts';
import { denyPermissions, keepOnPage } from './lock-down.ts';
import { menuTemplate } from './menu.ts';
import { externalLinkAllowed, pageAddress } from './page-origin.ts';
import { pagePrivileges, servePage } from './page-protocol.ts';
import { serveRequests, tellEvents } from './serve-window.ts';
import { windowOptions } from './window-options.ts';
import { keepPlace, readPlace, windowPlace } from './window-place.ts';

/**
 * Opens the desktop application: one instance, one window, the services behind it.
 *
 * Runs go on when the window is closed; the application ends when the last of them has. Quitting stops them so that
 * they can be resumed.
 *
 * @param mainFile path of the built main file
 */
export async function startDesktop(mainFile: string): Promise<void> {
  protocol.registerSchemesAsPrivileged([pagePrivileges]);
  app.enableSandbox();
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.on('web-contents-created', (_event, contents) => keepOnPage(contents, openLink));
  await app.whenReady();

  const places = desktopPlaces(mainFile);
  const placeFile = join(app.getPath('userData'), 'window.json');
  const projectDirectory = join(app.getPath('documents'), 'CellPredX');
  const jobs = new JobQueue({ startCompute: forkCompute({ entry: places.computeEntry }) });
  const services = await createServices({
    front: 'desktop',
    version: app.getVersion(),
    roots: null,
    dialogs: fileDialogs(dialog, () => BrowserWindow.getAllWindows()[0]),
    resources: places.resources,
    projectDirectory,
    recentFile: join(app.getPath('userData'), 'recent-projects.json'),
    sideEntry: places.sideEntry,
    jobs,
  });

  denyPermissions(session.defaultSession);
  servePage(protocol, await readPageFiles(places.page));
  serveRequests(ipcMain, createHandlers(services), logToStderr);
  tellEvents(services.runs, () => BrowserWindow.getAllWindows().map((window) => window.webContents));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(
        process.platform,
        { showProjects: () => void shell.openPath(projectDirectory), openLink },
        { developer: !app.isPackaged },
      ),
    ),
  );

  function openWindow(): void {
    const screens = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea);
    const place = windowPlace(readPlace(placeFile), screens);
    const window = new BrowserWindow(windowOptions(place, places));
    if (place.maximised) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', () =>
      keepPlace(placeFile, { bounds: window.getNormalBounds(), maximised: window.isMaximized() }),
    );
    void window.loadURL(pageAddress);
  }

  function showWindow(): void {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) return openWindow();
    if (window.isMinimized()) window.restore();
    window.focus();
  }

  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    void jobs.idle().then(() => {
      if (BrowserWindow.getAllWindows().length === 0) app.quit();
    });
  });
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void jobs.close().finally(() => {
      stopped = true;
      app.quit();
    });
  });
  openWindow();
}

/** Gives a link that we know to the person's own browser. */
function openLink(url: string): void {
  if (externalLinkAllowed(url)) void shell.openExternal(url);
}
