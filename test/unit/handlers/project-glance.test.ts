import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectGlance } from '#handlers/project-glance';
import { projectService } from '#handlers/project-service';
import { recentProjects } from '#handlers/recent-projects';
import type { Jobs } from '#jobs/queue-types';
import { exportProject } from '#store/archive';
import { createProject } from '#store/project';
import { temporaryFolders } from '#test/support/temporary-folder';
import { missing } from './stand-in-services.ts';

const newFolder = temporaryFolders();
const request = { reference: [{ path: '/data/a.h5ad' }], query: [{ path: '/data/b.h5ad' }], label: 'cell_type' };

/** A project with a finished run of 2 reference and 3 query cells, and a cancelled one after it. */
function filled(folder: string): string {
  const project = createProject(join(folder, 'Liver.cpx'));
  const finished = project.addRun({ request, seed: 1 });
  project.finishRun(finished, project.beginAttempt(finished), {
    documents: { cells: { reference: ['r1', 'r2'], query: ['q1', 'q2', 'q3'], labels: ['B', 'T'] } },
    arrays: {
      'layout/umap': { shape: [5, 2], values: Float32Array.from([90, 90, 80, 80, 0, 0, 4, 1, 2, 0.5]) },
      'query/predicted': { shape: [3], values: Int32Array.from([1, 0, 1]) },
    },
    stages: [],
  });
  const cancelled = project.addRun({ request, seed: 2 });
  project.endRun(cancelled, { status: 'cancelled' });
  project.close();
  return project.path;
}

test('a glance tells the last run and draws the query of the last result, within one and undistorted', async () => {
  const { runs, last, thumbnail } = await projectGlance(filled(newFolder()));
  expect(runs).toBe(2);
  expect(last).toMatchObject({ state: 'cancelled', reference: 'a.h5ad', query: 'b.h5ad' });
  expect(thumbnail!.labels).toEqual(['B', 'T']);
  expect([...thumbnail!.predicted]).toEqual([1, 0, 1]);
  expect([...thumbnail!.places]).toEqual([0, 0.375, 1, 0.625, 0.5, 0.5]);
});

test('a project without runs has nothing to show', async () => {
  const project = createProject(join(newFolder(), 'Empty.cpx'));
  project.close();
  expect(await projectGlance(project.path)).toEqual({ runs: 0, last: null, thumbnail: null });
});

test('an exported project is imported under the name of its zip, and never over another', async () => {
  const folder = newFolder();
  const zip = join(folder, 'From a colleague.cpx.zip');
  await exportProject(filled(folder), zip);
  const jobs = missing<Jobs>('jobs', { attach: () => undefined });
  const service = projectService(jobs, recentProjects(join(folder, 'recent.json')), missing('side'));
  const project = await service.import(zip, join(folder, 'projects'));
  expect(project.path).toBe(join(folder, 'projects', 'From a colleague.cpx'));
  expect((await service.glance(project.path)).runs).toBe(2);
  await expect(service.import(zip, join(folder, 'projects'))).rejects.toMatchObject({ code: 'project.already-exists' });
});
