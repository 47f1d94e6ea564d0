import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { root } from './support/root.ts';

const program = process.env['ELECTRON_OVERRIDE_DIST_PATH'];

test('the desktop window opens on the start page, sandboxed, with one bridge', async () => {
  if (!program)
    process.stdout.write(
      'skipped: the desktop window (set ELECTRON_OVERRIDE_DIST_PATH to the folder of an Electron program)\n',
    );
  test.skip(!program, 'no Electron program here: set ELECTRON_OVERRIDE_DIST_PATH to the folder of one');
  const home = await mkdtemp(join(tmpdir(), 'cellpredx-desktop-'));
  const app = await _electron.launch({
    args: [root, '--no-sandbox'],
    cwd: root,
    env: { ...process.env, HOME: home } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    await expect(page.getByRole('button', { name: 'Open the sample study' })).toBeVisible();
    const globals = await page.evaluate(() => ({
      require: typeof Reflect.get(globalThis, 'require'),
      bridge: typeof Reflect.get(globalThis, 'cellpredx'),
    }));
    expect(globals).toEqual({ require: 'undefined', bridge: 'object' });
    expect(existsSync(join(root, 'out/main/index.js'))).toBe(true);
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
});
