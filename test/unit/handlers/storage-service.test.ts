import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recentProjects } from '#handlers/recent-projects';
import { storageService } from '#handlers/storage-service';
import { createProject } from '#store/project';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const request = { reference: [{ path: '/data/a.h5ad' }], query: [{ path: '/data/b.h5ad' }], label: 'cell_type' };

test('known projects are told with all that lies in their folders; what is no project any more is left out', async () => {
  const folder = newFolder();
  const recent = recentProjects(join(folder, 'recent.json'));
  const project = createProject(join(folder, 'Liver.cpx'));
  const runId = project.addRun({ request, seed: 1 });
  const attempt = project.beginAttempt(runId);
  const weights = { shape: [50], values: new Float32Array(50) };
  project.saveCheckpoint(runId, attempt, { kind: 'k', description: {}, arrays: { weights } });
  project.endRun(runId, { status: 'cancelled' });
  project.close();
  writeFileSync(join(project.path, 'arrays', 'rest'), new Uint8Array(5000));
  mkdirSync(join(folder, 'Other.cpx'));
  for (const name of ['Liver', 'Other', 'Gone']) await recent.add({ path: join(folder, `${name}.cpx`), name });

  const service = storageService(recent);
  const [found, ...others] = await service.list();
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    path: project.path,
    name: 'Liver',
    runs: [{ run: { runId, state: 'cancelled', query: 'b.h5ad' }, checkpointBytes: 200, resultBytes: 0 }],
  });
  expect(await service.clean(project.path, 'checkpoints', [runId])).toBe(200);
  const [after] = await service.list();
  expect(after!.runs[0]!.checkpointBytes).toBe(0);
  expect(after!.bytes).toBeGreaterThan(5000);
});
