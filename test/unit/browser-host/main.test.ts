import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { hostHelp } from '#host/host-options';

const entry = join(import.meta.dirname, '../../../src-main/browser-host/main.ts');
const start = (...words: string[]) => promisify(execFile)(process.execPath, [entry, ...words], { timeout: 30_000 });

test('the help is printed and nothing is started', async () => {
  await expect(start('--help')).resolves.toEqual({ stdout: hostHelp, stderr: '' });
});

test('a root that does not exist ends the start with what is wrong and what to do, and exit code 2', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cpx-host-'));
  const absent = join(folder, 'absent');
  const failed = start('--project-dir', join(folder, 'projects'), '--root', absent);
  await expect(failed).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: `error[reading.no-such-file]: There is no file or folder at ${absent}.\nremedy: Check the path, or choose the file again if it was moved.\n`,
  });
  rmSync(folder, { recursive: true });
});
