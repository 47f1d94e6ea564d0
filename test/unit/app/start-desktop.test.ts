import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { carrier } from '#contract/channels';
import { pageAddress } from '#app/page-origin';

/** What the shell asked of Electron, in order. */
const { asked, folder } = vi.hoisted(() => ({ asked: [] as string[], folder: { path: '' } }));
const windows: StandInWindow[] = [];
const handlers = new Map<string, (...args: unknown[]) => unknown>();

class StandInWindow extends EventEmitter {
  readonly sent: unknown[] = [];
  readonly webContents = Object.assign(new EventEmitter(), {
    send: (...words: unknown[]) => this.sent.push(words),
    isDestroyed: () => false,
    isLoading: () => false,
  });
  readonly options: { webPreferences: { sandbox: boolean; preload: string } };
  shown = 0;
  constructor(options: StandInWindow['options']) {
    super();
    this.options = options;
    windows.push(this);
  }
  static getAllWindows = (): StandInWindow[] => windows;
  loadURL(url: string): Promise<void> {
    asked.push(`load ${url}`);
    return Promise.resolve();
  }
  show(): void {
    this.shown++;
  }
  isFocused = (): boolean => false;
  close(): void {
    asked.push('close');
  }
  focus(): void {
    asked.push('focus');
  }
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  getNormalBounds = () => ({ x: 5, y: 30, width: 1000, height: 700 });
}

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  const app = Object.assign(new Emitter(), {
    isPackaged: true,
    enableSandbox: () => asked.push('sandbox'),
    requestSingleInstanceLock: () => (asked.push('lock'), true),
    whenReady: () => (asked.push('ready'), Promise.resolve()),
    getPath: (name: string) => `${folder.path}/${name}`,
    getVersion: () => '9.9.9',
    quit: () => asked.push('quit'),
  });
  return {
    app,
    BrowserWindow: StandInWindow,
    dialog: { showMessageBox: () => (asked.push('ask'), Promise.resolve({ response: 2 })) },
    nativeTheme: { shouldUseDarkColors: true },
    Notification: class {},
    ipcMain: { handle: (name: string, handler: never) => handlers.set(name, handler) },
    Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => asked.push('menu') },
    protocol: {
      registerSchemesAsPrivileged: () => asked.push('schemes'),
      handle: (scheme: string) => asked.push(`protocol ${scheme}`),
    },
    screen: {
      getPrimaryDisplay: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }),
      getAllDisplays: () => [],
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: () => asked.push('permissions'),
        setPermissionCheckHandler: () => undefined,
        setDevicePermissionHandler: () => undefined,
      },
    },
    shell: {},
  };
});

beforeAll(async () => {
  folder.path = mkdtempSync(join(tmpdir(), 'cpx-desktop-'));
  mkdirSync(join(folder.path, 'out/renderer'), { recursive: true });
  writeFileSync(join(folder.path, 'out/renderer/index.html'), '<p>page</p>');
  const { startDesktop } = await import('#app/start-desktop');
  await startDesktop(join(folder.path, 'out/main/index.js'));
});
afterAll(() => rmSync(folder.path, { recursive: true }));

test('the sandbox, the scheme and the lock come before the application is ready; the window comes last', () => {
  const order = (word: string): number => asked.findIndex((entry) => entry.startsWith(word));
  for (const early of ['schemes', 'sandbox', 'lock']) expect(order(early)).toBeLessThan(order('ready'));
  for (const late of ['permissions', 'protocol app', 'menu']) {
    expect(order(late)).toBeGreaterThan(order('ready'));
    expect(order(late)).toBeLessThan(order('load'));
  }
  expect(asked).toContain(`load ${pageAddress}`);
});

test('one sandboxed window opens with our preload and is shown when it has something to show', () => {
  expect(windows).toHaveLength(1);
  expect(windows[0]!.options.webPreferences).toMatchObject({
    sandbox: true,
    devTools: false,
    preload: join(folder.path, 'out/preload/index.cjs'),
  });
  expect(windows[0]!.shown).toBe(0);
  windows[0]!.emit('ready-to-show');
  expect(windows[0]!.shown).toBe(1);
});

test('the real services answer behind it, as the desktop front', async () => {
  const ask = handlers.get(carrier.request)!;
  const reply = await ask({ senderFrame: { url: pageAddress, parent: null } }, 'system:about', {});
  expect(reply).toMatchObject({
    ok: { version: '9.9.9', front: 'desktop', projectDirectory: join(folder.path, 'documents/CellPredX') },
  });
});

test('a second start shows the window of the first', async () => {
  const { app } = await import('electron');
  (app as unknown as EventEmitter).emit('second-instance', {}, ['program', '--flag'], folder.path);
  expect(asked).toContain('focus');
  expect(windows).toHaveLength(1);
});

test('a project folder that is given to a second start, or by macOS, is opened in the window', async () => {
  const { app } = await import('electron');
  const project = join(folder.path, 'Liver.cpx');
  mkdirSync(project);
  writeFileSync(join(project, 'project.sqlite'), '');
  (app as unknown as EventEmitter).emit('second-instance', {}, ['program', 'Liver.cpx'], folder.path);
  expect(windows[0]!.sent.at(-1)).toEqual([carrier.command, { openProject: project }]);
  const preventDefault = vi.fn();
  (app as unknown as EventEmitter).emit('open-file', { preventDefault }, '/elsewhere/Brain.cpx');
  expect(preventDefault).toHaveBeenCalledOnce();
  expect(windows[0]!.sent.at(-1)).toEqual([carrier.command, { openProject: '/elsewhere/Brain.cpx' }]);
});

test('quitting asks nothing where nothing runs', async () => {
  const { app } = await import('electron');
  const preventDefault = vi.fn();
  (app as unknown as EventEmitter).emit('before-quit', { preventDefault });
  expect(preventDefault).not.toHaveBeenCalled();
  expect(asked).not.toContain('ask');
});

test('closing the window remembers its place, and with nothing to compute the application ends once', async () => {
  const { app } = await import('electron');
  windows[0]!.emit('close');
  windows.length = 0;
  app.emit('window-all-closed');
  await vi.waitFor(() => expect(asked.filter((entry) => entry === 'quit')).toHaveLength(1));
  const preventDefault = vi.fn();
  (app as unknown as EventEmitter).emit('will-quit', { preventDefault });
  await vi.waitFor(() => expect(asked.filter((entry) => entry === 'quit')).toHaveLength(2));
  (app as unknown as EventEmitter).emit('will-quit', { preventDefault });
  expect(preventDefault).toHaveBeenCalledOnce(); // the queue is closed first, then the application may end
  app.emit('activate');
  expect(windows[0]!.options).toMatchObject({ x: 5, y: 30, width: 1000, height: 700 });
});
