import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnotationRequest } from '#contract/annotation-request';
import { type FinishedRun, runAnnotation } from '#compute/run-annotation';
import { type Runner, runJob } from '#compute/run-job';
import { runService } from '#handlers/run-service';
import type { Jobs } from '#jobs/queue-types';
import { createProject, openProject, openProjectReadOnly } from '#store/project';
import { missing } from '../unit/handlers/stand-in-services.ts';

const sample = (name: string): { path: string } => ({ path: join('resources', 'sample-study', name) });
const request = AnnotationRequest.parse({
  reference: [sample('reference.h5ad')],
  query: [sample('query.h5ad')],
  label: 'cell_type',
  method: 'nearest-centroid',
  seed: 5,
});
const limits = { drawAllUpTo: 300, sketch: 200 };

/** Carries out the request once more in a project; gives the run. */
async function runIn(path: string, runner: Runner): Promise<string> {
  const project = openProject(path);
  const runId = project.addRun({ request, seed: request.seed });
  const attempt = project.beginAttempt(runId);
  project.close();
  const checkpoints = { every: 1000, minIntervalMs: 0 };
  const job = { kind: 'job', runId, projectPath: path, attempt, request, firstSeq: 0, checkpoints } as const;
  await runJob(job, runner, new AbortController().signal, () => undefined);
  return runId;
}

describe('a run of so many cells that a sketch of them is laid out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellpredx-sketched-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'Sketched.cpx');
  let found: FinishedRun;
  let first: string;
  beforeAll(async () => {
    createProject(path).close();
    first = await runIn(path, async (asked, hooks) => (found = await runAnnotation(asked, hooks, limits)));
  }, 120_000);

  const mapOf = async (runId: string): Promise<Float32Array> => {
    const runs = runService(missing<Jobs>('jobs', { attach: () => undefined }), missing('side'), missing('expect'));
    const { reference, query } = await runs.result(path, runId);
    return Float32Array.from([...reference.layout!, ...query.layout!]);
  };

  test('stores which cells they were, rising, and where every cell lies', async () => {
    const { places, sketch } = found.outcome.layout!;
    expect(sketch).toHaveLength(limits.sketch);
    const project = openProjectReadOnly(path);
    try {
      const stored = (await project.readRunArray(first, 'layout/sketch')).values;
      expect(Int32Array.from(stored)).toEqual(sketch);
      expect([...stored]).toEqual([...new Set(stored)].sort((a, b) => a - b));
      expect(Float32Array.from((await project.readRunArray(first, 'layout/umap')).values)).toEqual(places);
      expect(project.runDocument(first, 'notes')).toContainEqual({
        step: 'layout',
        severity: 'info',
        text: expect.stringContaining('Laid out: 200 of'),
      });
    } finally {
      project.close();
    }
  });

  test('shows that map whenever its result is read', async () => {
    const { places } = found.outcome.layout!;
    expect(places.every(Number.isFinite)).toBe(true);
    expect(await mapOf(first)).toEqual(places);
    expect(await mapOf(first)).toEqual(places); // by services that have just started
  });

  test('gives its map to an equal run, which lays out nothing', async () => {
    const again = await runIn(path, () => Promise.reject(new Error('the equal run computes')));
    expect(await mapOf(again)).toEqual(found.outcome.layout!.places);
  });
});
