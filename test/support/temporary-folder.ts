import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

/** Gives a new empty folder that is removed after the test. Call it at the top of a test file. */
export function temporaryFolders(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'cellpredx-test-'));
    made.push(folder);
    return folder;
  };
}
