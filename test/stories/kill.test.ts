import { describe, expect, test } from 'vitest';
import { storm } from '#test/support/kill-runs';
import { temporaryFolders } from '#test/support/temporary-folder';
import { tinyRequest, tinyRunner } from '#test/support/tiny-request';

const newFolder = temporaryFolders();
/** `npm run bench -- kill` does fifty, with the product's own run as well. */
const kills = Number(process.env['CELLPREDX_KILLS'] ?? 12);

describe.skipIf(process.platform === 'win32')('a project whose processes are killed', () => {
  test(`opens after each of ${kills} kills, keeps finished runs, and its killed runs end as one nobody killed`, async () => {
    const folder = newFolder();
    const run = { request: tinyRequest(folder, { steps: 80, stepMs: 3 }), runner: tinyRunner, every: 5 };
    const { records, finished, equal, lost } = await storm(folder, run, { kills, seed: 20, startMs: 900 });

    expect(records).toHaveLength(kills);
    expect(records.filter(({ damaged }) => damaged > 0)).toEqual([]);
    expect(lost).toBe(0);
    expect(equal).toBe(finished);
    expect(finished).toBeGreaterThan(0);
    const statuses = new Set(records.map(({ status }) => status));
    for (const status of statuses) expect(['interrupted', 'failed', 'finished']).toContain(status);
    expect(statuses).toContain('interrupted');
  }, 600_000);
});
