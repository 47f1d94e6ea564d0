import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProject } from '#store/project';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const array = (length: number, value: number) => ({
  shape: [length],
  values: new Float32Array(length).fill(value),
});

/** A project with one finished run (result 400 bytes, by feature 800, columns 240) and one that was cancelled (checkpoint 1200). */
function filled() {
  const project = createProject(join(newFolder(), 'Liver.cpx'));
  const finished = project.addRun({ request: {}, seed: 1 });
  project.finishRun(finished, project.beginAttempt(finished), {
    documents: { explorers: { features: ['CD4'], trained: [0], missing: null }, cellColumns: { query: 'its note' } },
    arrays: {
      'query/confidence': array(100, 1),
      'by-feature/values': array(200, 2),
      'cell-columns/query/numbers': array(60, 4),
    },
    stages: [],
  });
  const cancelled = project.addRun({ request: {}, seed: 2 });
  const attempt = project.beginAttempt(cancelled);
  project.saveCheckpoint(cancelled, attempt, { kind: 'k', description: {}, arrays: { weights: array(300, 3) } });
  return { project, finished, cancelled };
}

test('what each run takes is told by kind, latest first', () => {
  const { project, finished, cancelled } = filled();
  expect(project.storage()).toEqual([
    { runId: cancelled, status: 'running', resultBytes: 0, explorerBytes: 0, columnBytes: 0, checkpointBytes: 1200 },
    { runId: finished, status: 'finished', resultBytes: 400, explorerBytes: 800, columnBytes: 240, checkpointBytes: 0 },
  ]);
  project.close();
});

test('checkpoints are removed from the disk once the run has ended, and not before', async () => {
  const { project, cancelled } = filled();
  const files = (): number => readdirSync(join(project.path, 'arrays')).length;
  expect(() => project.freeCheckpoints(cancelled)).toThrow(`The run ${cancelled} is running`);
  project.endRun(cancelled, { status: 'cancelled' });
  expect(files()).toBe(4);
  expect(project.freeCheckpoints(cancelled)).toBe(1200);
  expect(files()).toBe(3);
  expect(await project.loadCheckpoint(cancelled)).toBeNull();
  expect(project.freeCheckpoints(cancelled)).toBe(0);
  project.close();
});

test('values by feature are removed, the result stays, and the explorers say why they have nothing', async () => {
  const { project, finished } = filled();
  expect(project.freeExplorers(finished, 'Removed.')).toBe(800);
  expect(project.runArrays(finished).map(({ name }) => name)).toEqual([
    'cell-columns/query/numbers',
    'query/confidence',
  ]);
  expect(project.runDocument(finished, 'explorers')).toEqual({ features: ['CD4'], trained: [0], missing: 'Removed.' });
  expect(await project.verifyArrays()).toEqual([]);
  project.close();
});

test('columns of cells are removed, all else stays, and their note says why they are gone', async () => {
  const { project, finished } = filled();
  expect(project.freeColumns(finished, 'Removed.')).toBe(240);
  expect(project.runArrays(finished).map(({ name }) => name)).toEqual(['by-feature/values', 'query/confidence']);
  expect(project.runDocument(finished, 'cellColumns')).toEqual({ query: 'its note', missing: 'Removed.' });
  expect(project.runDocument(finished, 'explorers')).toMatchObject({ missing: null });
  expect(project.freeColumns(finished, 'Again.')).toBe(0);
  expect(await project.verifyArrays()).toEqual([]);
  project.close();
});

test('a file that another run still names is kept and frees nothing', () => {
  const { project, finished } = filled();
  const twin = project.addRun({ request: {}, seed: 3 });
  project.finishRun(twin, project.beginAttempt(twin), {
    documents: {},
    arrays: { 'by-feature/values': array(200, 2) },
    stages: [],
  });
  expect(project.freeExplorers(finished, 'Removed.')).toBe(0);
  expect(project.freeExplorers(twin, 'Removed.')).toBe(800);
  project.close();
});
