import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desktopPlaces } from '#app/desktop-places';
import { windowOptions } from '#app/window-options';
import { keepPlace, readPlace, windowPlace } from '#app/window-place';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const second = { x: 1440, y: 0, width: 2560, height: 1440 };

test('the page is sandboxed, isolated and without Node', () => {
  const options = windowOptions(windowPlace(undefined, [laptop]), {
    preload: '/p.cjs',
    icon: '/i.png',
    dark: false,
    developer: false,
  });
  expect(options.webPreferences).toMatchObject({
    preload: '/p.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
  });
  expect(options.webPreferences).not.toHaveProperty('enableBlinkFeatures');
  expect(options.show).toBe(false);
});

test('the window opens where it was, if its title bar can be reached there', () => {
  const place = { bounds: { x: 1600, y: 100, width: 1500, height: 900 }, maximised: true };
  expect(windowPlace(place, [laptop, second])).toEqual(place);
});

test.each([
  ['its screen is gone', { x: 1600, y: 100, width: 1500, height: 900 }],
  ['its title bar is above the screen', { x: 100, y: -50, width: 1300, height: 800 }],
  ['its title bar is below the screen', { x: 100, y: 880, width: 1300, height: 800 }],
  ['only a sliver of it is on the screen', { x: 1400, y: 100, width: 1300, height: 800 }],
])('it opens in the middle of the main screen when %s', (_, bounds) => {
  expect(windowPlace({ bounds, maximised: false }, [laptop]).bounds).toEqual({
    width: Math.min(bounds.width, laptop.width),
    height: Math.min(bounds.height, laptop.height),
  });
});

test.each([undefined, null, 'x', {}, { bounds: { x: 0, y: 0, width: 1, height: 1 }, maximised: false }])(
  'it opens with its first size when %j is remembered',
  (remembered) => {
    expect(windowPlace(remembered, [laptop])).toEqual({ bounds: { width: 1280, height: 800 }, maximised: false });
  },
);

test('a small screen is not exceeded', () => {
  expect(windowPlace(undefined, [{ x: 0, y: 0, width: 1024, height: 700 }]).bounds).toEqual({
    width: 1024,
    height: 700,
  });
});

test('the place is remembered in a file, and a damaged file counts as none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cpx-window-'));
  const file = join(folder, 'state/window.json');
  expect(readPlace(file)).toBeUndefined();
  const place = { bounds: { x: 10, y: 30, width: 1000, height: 700 }, maximised: false };
  keepPlace(file, place);
  expect(windowPlace(readPlace(file), [laptop])).toEqual(place);
  writeFileSync(file, '{"bounds":');
  expect(readPlace(file)).toBeUndefined();
  rmSync(folder, { recursive: true });
});

test('what plain Node runs or reads lies beside the archive of an installed application', () => {
  const places = desktopPlaces('/opt/CellPredX/resources/app.asar/out/main/index.js');
  expect(places.preload).toBe('/opt/CellPredX/resources/app.asar/out/preload/index.cjs');
  expect(places.page).toBe('/opt/CellPredX/resources/app.asar/out/renderer');
  expect(places.computeEntry).toBe('/opt/CellPredX/resources/app.asar.unpacked/out/main/compute-process.js');
  expect(places.sideEntry).toBe('/opt/CellPredX/resources/app.asar.unpacked/out/main/inspect-process.js');
  expect(places.resources).toBe('/opt/CellPredX/resources/app.asar.unpacked/resources');
});

test('from a clone everything lies in the clone', () => {
  expect(desktopPlaces('/src/out/main/index.js')).toMatchObject({
    computeEntry: '/src/out/main/compute-process.js',
    resources: '/src/resources',
    icon: '/src/resources/icons/icon.png',
  });
});
