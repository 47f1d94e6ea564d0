import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  protocol,
  screen,
  session,
  shell,
} from 'electron';
import { join } from 'node:path';
import { carrier } from '#contract/channels';
import type { MenuCommand } from '#contract/commands';
import { createHandlers } from '#handlers/create-handlers';
import { createServices } from '#handlers/create-services';
import { logToStderr } from '#handlers/dispatch';
import { readPageFiles } from '#handlers/page-files';
import { forkCompute } from '#jobs/compute-child';
import { JobQueue } from '#jobs/queue';
import { desktopPlaces } from './desktop-places.ts';
import { keptNoticeChoice, tellEnds } from './end-notices.ts';
import { fileDialogs } from './file-dialogs.ts';
import { denyPermissions, keepOnPage } from './lock-down.ts';
import { menuTemplate } from './menu.ts';
import { externalLinkAllowed, pageAddress } from './page-origin.ts';
import { pagePrivileges, servePage } from './page-protocol.ts';
import { projectAmong } from './project-among.ts';
import { askBeforeQuit } from './quit-question.ts';
import { serveRequests, tellEvents } from './serve-window.ts';
import { careForWindow } from './window-care.ts';
import { windowOptions } from './window-options.ts';
import { keepPlace, readPlace, windowPlace } from './window-place.ts';

/**
 * Opens the desktop application: one instance, one window, the services behind it.
 *
 * Runs go on when the window is closed; the application ends when the last of them has. Quitting while a run goes on asks
 * first; it stops them so that they can be resumed.
 *
 * @param mainFile path of the built main file
 */
export async function startDesktop(mainFile: string): Promise<void> {
  protocol.registerSchemesAsPrivileged([pagePrivileges]);
  app.enableSandbox();
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.on('web-contents-created', (_event, contents) => keepOnPage(contents, openLink));
  // macOS gives a project that was opened from outside by this event, possibly before there is a window
  let ready = false;
  let toOpen = projectAmong(process.argv, process.cwd());
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFromOutside(path);
  });
  await app.whenReady();

  const places = desktopPlaces(mainFile);
  const placeFile = join(app.getPath('userData'), 'window.json');
  const projectDirectory = join(app.getPath('documents'), 'CellPredX');
  const jobs = new JobQueue({ startCompute: forkCompute({ entry: places.computeEntry }) });
  const notices = keptNoticeChoice(join(app.getPath('userData'), 'notices.json'));
  const services = await createServices({
    front: 'desktop',
    version: app.getVersion(),
    roots: null,
    dialogs: fileDialogs(dialog, () => BrowserWindow.getAllWindows()[0]),
    notices,
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
  tellEnds(services.runs, notices, {
    inFront: () => BrowserWindow.getAllWindows().some((window) => window.isFocused()),
    show(notice) {
      const notification = new Notification(notice);
      notification.on('click', showWindow);
      notification.show();
    },
  });
  const dialogs = fileDialogs(dialog, () => BrowserWindow.getAllWindows()[0]);

  async function showMenu(): Promise<void> {
    const template = menuTemplate(
      process.platform,
      {
        command: (command) => tellWindow({ command }),
        chooseProject: () => void dialogs.choose('project').then(([path]) => path && openFromOutside(path)),
        openProject: openFromOutside,
        showProjects: () => void shell.openPath(projectDirectory),
        openLink,
      },
      { developer: !app.isPackaged, recent: await services.projects.recent() },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
  await showMenu();
  app.on('browser-window-focus', () => void showMenu()); // projects may have been opened since

  /** Tells the page, in a window that is opened for it where there is none. */
  function tellWindow(told: MenuCommand): void {
    showWindow();
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) return;
    const tell = (): void => window.webContents.send(carrier.command, told);
    if (window.webContents.isLoading()) window.webContents.once('did-finish-load', tell);
    else tell();
  }

  function openWindow(): void {
    const screens = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea);
    const place = windowPlace(readPlace(placeFile), screens);
    const window = new BrowserWindow(
      windowOptions(place, { ...places, dark: nativeTheme.shouldUseDarkColors, developer: !app.isPackaged }),
    );
    careForWindow(window, dialog);
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

  app.on('second-instance', (_event, words, directory) => {
    const project = projectAmong(words, directory);
    if (project === null) showWindow();
    else openFromOutside(project);
  });
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    void jobs.idle().then(() => {
      if (BrowserWindow.getAllWindows().length === 0) app.quit();
    });
  });
  let asked = false;
  app.on('before-quit', (event) => {
    if (asked || jobs.queue().length === 0) return;
    event.preventDefault();
    void askBeforeQuit(dialog, jobs.queue().length).then((choice) => {
      if (choice === 'keep-computing') for (const window of BrowserWindow.getAllWindows()) window.close();
      if (choice !== 'stop-and-quit') return;
      asked = true;
      app.quit();
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
  ready = true;
  if (toOpen !== null) openFromOutside(toOpen);

  function openFromOutside(path: string): void {
    if (ready) tellWindow({ openProject: path });
    else toOpen = path;
  }
}

/** Gives a link that we know to the person's own browser. */
function openLink(url: string): void {
  if (externalLinkAllowed(url)) void shell.openExternal(url);
}
