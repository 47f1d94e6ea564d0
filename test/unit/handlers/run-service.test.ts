import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { AnnotationRequest } from '#contract/annotation-request';
import { exportRun } from '#handlers/export-run';
import { runService } from '#handlers/run-service';
import type { SideProcess } from '#handlers/side-process';
import type { Jobs } from '#jobs/queue-types';
import { modelFileName, readModelFile } from '#store/model-file';
import { createProject, openProject } from '#store/project';
import { modelCard } from '#test/support/model-card';
import { missing } from './stand-in-services.ts';

let folder: string;
let projectPath: string;
let finished: string;
let waiting: string;

/** A project with a run that labelled three cells of a CSV and one that still waits. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cpx-runs-'));
  const query = join(folder, 'query.csv');
  writeFileSync(query, 'cell,CD3E,MS4A1,NKG7\nq1,1,0,2\nq2,0,3,0\nq3,4,0,1\n');
  const request = AnnotationRequest.parse({
    reference: [{ path: join(folder, 'a.h5ad') }, { path: join(folder, 'b.h5ad') }],
    query: [{ path: query }],
    label: 'cell_type',
    threshold: 0.5,
  });
  const project = createProject(join(folder, 'P.cpx'));
  projectPath = project.path;
  finished = project.addRun({ request, seed: request.seed });
  const attempt = project.beginAttempt(finished);
  project.finishRun(finished, attempt, {
    documents: {
      summary: {
        version: '0.1.0',
        threshold: 0.5,
        inputs: [],
        metrics: null,
        label_counts: { predicted: { B: 2, T: 1 }, shown: {} },
      },
      cells: { reference: ['r1', 'r2'], query: ['q1', 'q2', 'q3'], labels: ['B', 'T'] },
      truth: null,
      emptyCells: [],
      markers: [],
      figures: [],
      notes: [],
      model: { kind: 'tiny-model-1', description: { labels: ['B', 'T'] } },
      modelCard: modelCard(['CD3E']),
    },
    arrays: {
      'model/weights': { shape: [1], values: Float32Array.of(0.5) },
      'query/predicted': { shape: [3], values: Int32Array.of(0, 1, 0) },
      'query/confidence': { shape: [3], values: Float32Array.of(0.75, 0.625, 0.25) },
      'query/probabilities': { shape: [3, 2], values: Float32Array.of(0.75, 0.25, 0.375, 0.625, 0.25, 0.75) },
      'query/embedding': { shape: [3, 1], values: Float32Array.of(1, 2, 3) },
      'reference/label': { shape: [2], values: Int32Array.of(0, 1) },
    },
    stages: [],
  });
  waiting = project.addRun({ request, seed: request.seed });
  project.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

const service = (attach: (path: string) => void = () => undefined) =>
  runService(missing<Jobs>('jobs', { attach }), missing<SideProcess>('side'), () =>
    Promise.reject(new Error('not asked')),
  );

describe('runs of a project', () => {
  test('that were computing when the program ended are listed as interrupted, whoever asks first', async () => {
    const attach = (path: string): void => {
      const project = openProject(path);
      project.endRun(waiting, { status: 'interrupted' });
      project.close();
    };
    const state = (await service(attach).list(projectPath)).find(({ runId }) => runId === waiting)?.state;
    expect(state).toBe('interrupted');
  });

  test('are listed while another program has their queue', async () => {
    const list = await service(() => {
      throw new AppError('project.in-use', { path: projectPath, holder: 'another program' });
    }).list(projectPath);
    expect(list).toHaveLength(2);
  });

  test('tell what they were asked to do, so that it can be asked again', async () => {
    const request = await service().request(projectPath, waiting);
    expect(request).toMatchObject({ label: 'cell_type', threshold: 0.5, query: [{ path: join(folder, 'query.csv') }] });
    await expect(service().request(projectPath, 'none')).rejects.toMatchObject({ code: 'project.no-such-run' });
  });

  test('are listed with their state and the names of their files', async () => {
    const list = await service().list(projectPath);
    expect(
      list.map(({ runId, state, reference, query, endedAt }) => [runId, state, reference, query, endedAt !== null]),
    ).toEqual(
      expect.arrayContaining([
        [finished, 'finished', 'a.h5ad and 1 more', 'query.csv', true],
        [waiting, 'queued', 'a.h5ad and 1 more', 'query.csv', false],
      ]),
    );
  });

  test('give their result, also without a map, and a page of their labels', async () => {
    const runs = service();
    const result = await runs.result(projectPath, finished);
    expect(result).toMatchObject({ labels: ['B', 'T'], unknown: 1, query: { cells: 3, layout: null } });
    const page = await runs.labels({ projectPath, runId: finished, offset: 0, limit: 10, sort: 'file' });
    expect(page.rows.map(({ cell, label }) => [cell, label])).toEqual([
      ['q1', 'B'],
      ['q2', 'T'],
      ['q3', 'Unknown'],
    ]);
    expect(await runs.figures(projectPath, finished)).toEqual([]);
  });

  test('that have not finished have no result, and that is not remembered', async () => {
    const runs = service();
    for (let i = 0; i < 2; i++) {
      await expect(runs.result(projectPath, waiting)).rejects.toMatchObject({
        code: 'request.run-not-finished',
        message: `The run ${waiting} has no result to show; it is queued.`,
      });
    }
    await expect(runs.result(projectPath, 'no-such-run')).rejects.toMatchObject({ code: 'project.no-such-run' });
  });

  test('tell their history from the number after the one that is known', async () => {
    const events = [0, 1, 2].map((seq) => ({ kind: 'finished', runId: 'r', seq, elapsedMs: 0 }) as const);
    const runs = runService(missing<Jobs>('jobs', { history: () => events }), missing<SideProcess>('side'), () =>
      Promise.reject(new Error('not asked')),
    );
    expect((await runs.history('r', 0)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await runs.history('r', -1)).toHaveLength(3);
  });
});

describe('an export', () => {
  const labels = (directory: string): string[] =>
    readFileSync(join(directory, 'labels.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(',').at(-1)!);
  const question = (changes: { runId?: string; threshold?: number } = {}) => ({
    kind: 'export' as const,
    projectPath,
    runId: finished,
    directory: join(folder, 'out'),
    threshold: undefined,
    ...changes,
  });

  test('writes the files of the run, the annotated copy from the query itself', async () => {
    const before = readFileSync(join(folder, 'query.csv'));
    const exported = await exportRun(question());
    expect(exported.omitted).toEqual([]);
    expect(readdirSync(exported.directory)).toEqual(
      expect.arrayContaining(['labels.csv', modelFileName, 'query.annotated.h5ad', 'summary.json']),
    );
    expect(labels(exported.directory)).toEqual(['label', 'B', 'T', 'Unknown']);
    const { card, model } = await readModelFile(join(exported.directory, modelFileName));
    expect(card).toEqual(modelCard(['CD3E']));
    expect(model.arrays).toEqual({ weights: { shape: [1], values: Float32Array.of(0.5) } });
    expect(readFileSync(join(folder, 'query.csv'))).toEqual(before);
  });

  test('follows a moved threshold in the table and in the summary', async () => {
    const { directory } = await exportRun(question({ threshold: 0.7 }));
    expect(labels(directory)).toEqual(['label', 'B', 'Unknown', 'Unknown']);
    expect(JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8'))).toMatchObject({
      threshold: 0.7,
      label_counts: { predicted: { B: 2, T: 1 }, shown: { B: 1, T: 0, Unknown: 2 } },
    });
  });

  test('leaves the annotated copy out and says why when the query is gone or holds other cells', async () => {
    writeFileSync(join(folder, 'query.csv'), 'cell,CD3E,MS4A1,NKG7\nq1,1,0,2\nother,0,3,0\nq3,4,0,1\n');
    expect((await exportRun(question())).omitted).toEqual([
      { name: 'query.annotated.h5ad', reason: 'The query holds other cells now than when the run read it.' },
    ]);
    rmSync(join(folder, 'query.csv'));
    const { omitted, files } = await exportRun(question());
    expect(omitted[0]!.reason).toContain('query.csv');
    expect(files.some((file) => file.endsWith('labels.csv'))).toBe(true);
    expect(readdirSync(join(folder, 'out'))).not.toContain('query.annotated.h5ad');
  });

  test('leaves the model out and says why for a run that was stored without what a model needs', async () => {
    const project = openProject(projectPath);
    const old = project.addRun({ request: AnnotationRequest.parse(project.run(finished).request), seed: 1 });
    const documents = project.runDocuments(finished).filter((name) => name !== 'modelCard');
    project.finishRun(old, project.beginAttempt(old), {
      documents: Object.fromEntries(documents.map((name) => [name, project.runDocument(finished, name)])),
      arrays: Object.fromEntries(
        await Promise.all(
          project.runArrays(finished).map(async ({ name }) => [name, await project.readRunArray(finished, name)]),
        ),
      ),
      stages: [],
    });
    project.close();
    const { omitted, directory } = await exportRun(question({ runId: old }));
    expect(omitted.map(({ name }) => name)).toEqual([modelFileName]);
    expect(readdirSync(directory)).not.toContain(modelFileName);
  });

  test('writes nothing over files of the person and nothing for a run that has not finished', async () => {
    await expect(exportRun(question({ runId: waiting }))).rejects.toMatchObject({ code: 'request.run-not-finished' });
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out/thesis.docx'), 'x');
    await expect(exportRun(question())).rejects.toMatchObject({ code: 'command.out-holds-other-files' });
    expect(readdirSync(join(folder, 'out'))).toEqual(['thesis.docx']);
  });
});
