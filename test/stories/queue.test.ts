import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { RunPace } from '#compute/run-pace';
import { RunEvent } from '#contract/run-events';
import { forkCompute } from '#jobs/compute-child';
import { JobQueue, type QueueOptions } from '#jobs/queue';
import { createProject, openProject, openProjectReadOnly } from '#store/project';
import { temporaryFolders } from '#test/support/temporary-folder';
import { tinyRequest, tinyRunner } from '#test/support/tiny-request';

const newFolder = temporaryFolders();
const queues: JobQueue[] = [];
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.close()));
});

function newQueue(options: QueueOptions = {}): JobQueue {
  const queue = new JobQueue({
    startCompute: forkCompute({ args: ['--runner', tinyRunner] }),
    checkpoints: { every: 5, minIntervalMs: 0 },
    ...options,
  });
  queues.push(queue);
  return queue;
}

function newProject(): { folder: string; project: string } {
  const folder = newFolder();
  const project = join(folder, 'p.cpx');
  createProject(project).close();
  return { folder, project };
}

/** Resolves with the first event for which `wanted` holds. */
function eventOf(queue: JobQueue, wanted: (event: RunEvent) => boolean): Promise<RunEvent> {
  return new Promise((found) => {
    const end = queue.onEvent((event) => {
      if (!wanted(event)) return;
      end();
      found(event);
    });
  });
}

const last = (queue: JobQueue, runId: string): RunEvent => queue.history(runId).at(-1)!;

describe('the queue', () => {
  test('runs a job in a process of its own and keeps its result, its curve and its events', async () => {
    const { folder, project } = newProject();
    const queue = newQueue();
    const runId = queue.start(project, tinyRequest(folder, { steps: 40, stepMs: 5 }));
    await queue.idle();

    const events = queue.history(runId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
    for (const event of events) expect(RunEvent.safeParse(event).success, JSON.stringify(event)).toBe(true);
    expect(events[0]).toMatchObject({ kind: 'queued', position: 0 });
    expect(events.filter(({ kind }) => kind === 'started')).toMatchObject([{ engine: 'tiny' }]);
    expect(events.filter((event) => event.kind === 'step').at(-1)).toMatchObject({ step: 40, steps: 40 });
    expect(last(queue, runId).kind).toBe('finished');

    const stored = openProjectReadOnly(project);
    expect(stored.run(runId)).toMatchObject({ status: 'finished', engine: 'tiny', attempt: 1 });
    expect(stored.runSteps(runId).map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(stored.runDocuments(runId)).toEqual(['markers', 'pace', 'summary']);
    const pace = stored.runDocument(runId, 'pace') as RunPace;
    expect(Object.keys(pace.busy)).toEqual(['read', 'prepare', 'train', 'predict', 'write']);
    expect(pace.processor).toBeGreaterThan(0);
    expect((await stored.readRunArray(runId, 'scores')).shape).toEqual([500, 20]);
    expect(stored.runStages(runId).map(({ stage }) => stage)).toEqual(['read', 'prepare', 'train', 'predict', 'write']);
    expect(stored.runInputs(runId).map(({ role }) => role)).toEqual(['reference', 'query']);
    stored.close();
  });

  test('does not compute an equal run twice', async () => {
    const { folder, project } = newProject();
    const queue = newQueue();
    const request = tinyRequest(folder, { steps: 10 });
    const first = queue.start(project, request);
    const second = queue.start(project, request);
    const other = queue.start(project, { ...request, seed: 2 });
    await queue.idle();
    const stored = openProjectReadOnly(project);
    expect(stored.run(second)).toMatchObject({ status: 'finished', reusedFrom: first, engine: 'tiny' });
    expect(stored.runDocument(second, 'summary')).toEqual(stored.runDocument(first, 'summary'));
    expect(stored.run(other)).toMatchObject({ status: 'finished', reusedFrom: null });
    stored.close();
  });

  test('runs one job after the other and tells the others their place', async () => {
    const { folder, project } = newProject();
    const queue = newQueue();
    const order: string[] = [];
    queue.onEvent((event) => {
      if (event.kind === 'started' || event.kind === 'finished') order.push(`${event.kind} ${event.runId}`);
    });
    const ids = [1, 2, 3].map((seed) => queue.start(project, tinyRequest(folder, { steps: 5 }, seed)));
    await queue.idle();
    expect(order).toEqual(ids.flatMap((id) => [`started ${id}`, `finished ${id}`]));
    expect(queue.history(ids[2]!).slice(0, 2)).toMatchObject([
      { kind: 'queued', position: 2 },
      { kind: 'queued', position: 1 },
    ]);
  });

  test('tells a waiting run its new place when one before it is cancelled', async () => {
    const { folder, project } = newProject();
    const queue = newQueue();
    const [, second, third] = [1, 2, 3].map((seed) =>
      queue.start(project, tinyRequest(folder, { steps: 100, stepMs: 2 }, seed)),
    );
    expect(await queue.cancel(second!)).toBe(true);
    expect(queue.history(third!)).toMatchObject([
      { kind: 'queued', position: 2 },
      { kind: 'queued', position: 1 },
    ]);
    await queue.idle();
  });

  test.each(['polite', 'deaf'] as const)('stops a %s run within a second, and it can be resumed', async (kind) => {
    const { folder, project } = newProject();
    const queue = newQueue();
    const deaf = kind === 'deaf' ? { trouble: 'deaf' } : {};
    const runId = queue.start(project, tinyRequest(folder, { steps: 400, stepMs: 2, ...deaf }));
    await eventOf(queue, (event) => event.kind === 'step' && event.step >= (kind === 'deaf' ? 150 : 20));
    if (kind === 'deaf') await new Promise((done) => setTimeout(done, 600)); // it is deaf from step 200 on
    const before = performance.now();
    expect(await queue.cancel(runId)).toBe(true);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(last(queue, runId).kind).toBe('cancelled');
    expect(await queue.cancel(runId)).toBe(false);

    const stored = openProjectReadOnly(project);
    expect(stored.run(runId).status).toBe('cancelled');
    expect(await stored.loadCheckpoint(runId)).not.toBeNull();
    stored.close();
  });

  test('takes a waiting run out without starting it', async () => {
    const { folder, project } = newProject();
    const queue = newQueue();
    const first = queue.start(project, tinyRequest(folder, { steps: 20, stepMs: 5 }, 1));
    const second = queue.start(project, tinyRequest(folder, { steps: 20 }, 2));
    expect(await queue.cancel(second)).toBe(true);
    await queue.idle();
    expect(queue.history(second).map(({ kind }) => kind)).toEqual(['queued', 'cancelled']);
    expect(last(queue, first).kind).toBe('finished');
  });

  test('a paused run goes on from its checkpoint to the result of a run that was not paused', async () => {
    const { folder, project } = newProject();
    const queue = newQueue();
    const request = tinyRequest(folder, { steps: 100, stepMs: 3 });
    const paused = queue.start(project, request);
    await eventOf(queue, (event) => event.kind === 'step' && event.step >= 40);
    expect(await queue.pause(paused)).toBe(true);
    expect(last(queue, paused).kind).toBe('paused');
    queue.resume(project, paused);
    const firstStep = await eventOf(queue, (event) => event.kind === 'step');
    expect(firstStep).toMatchObject({ kind: 'step' });
    expect((firstStep as { step: number }).step).toBeGreaterThan(30);
    await queue.idle();

    const { folder: otherFolder, project: otherProject } = newProject();
    const whole = queue.start(otherProject, tinyRequest(otherFolder, request.settings));
    await queue.idle();
    const a = openProject(project);
    const b = openProject(otherProject);
    expect(a.run(paused)).toMatchObject({ status: 'finished', attempt: 2 });
    expect(a.runSteps(paused)).toEqual(b.runSteps(whole));
    expect(a.runArrays(paused)).toEqual(b.runArrays(whole)); // hashes of the content
    expect(a.runDocument(paused, 'markers')).toEqual(b.runDocument(whole, 'markers'));
    expect(() => queue.resume(project, paused)).toThrow('is finished, so there is nothing to resume');
    a.close();
    b.close();
  });

  test.each([
    ['app-error', 'reading.no-such-file', 'There is no file or folder at gone.h5ad.', 'error[reading.no-such-file]'],
    ['fault', 'internal.fault', 'CellPredX has a fault: weights are [20], cells are [19]', 'tiny-runner.ts'],
    ['exit', 'project.run-crashed', 'exit code 9', ''],
  ])('a run that ends by %s has failed, with its reason and its log', async (trouble, code, message, log) => {
    const { folder, project } = newProject();
    const queue = newQueue();
    const runId = queue.start(project, tinyRequest(folder, { steps: 20, trouble }));
    await queue.idle();
    const event = last(queue, runId);
    if (event.kind !== 'failed') throw new Error(`it is ${event.kind}`);
    expect(event.error.code).toBe(code);
    expect(event.error.message).toContain(message);
    expect(event.log).toContain(log);
    const stored = openProjectReadOnly(project);
    expect(stored.run(runId)).toMatchObject({ status: 'failed', error: event.error, log: event.log });
    stored.close();
  });

  test('says so when a run needs more memory than there is', async () => {
    const { folder, project } = newProject();
    const start = forkCompute({ args: ['--runner', tinyRunner], heapMiB: 60 });
    const queue = newQueue({ startCompute: start });
    const runId = queue.start(project, tinyRequest(folder, { steps: 20, trouble: 'heap' }));
    await queue.idle();
    expect(last(queue, runId)).toMatchObject({ kind: 'failed', error: { code: 'project.run-out-of-memory' } });
  });

  test('names a program that cannot be started', async () => {
    const { folder, project } = newProject();
    const queue = newQueue({ startCompute: forkCompute({ program: join(folder, 'no-node') }) });
    const runId = queue.start(project, tinyRequest(folder));
    await queue.idle();
    expect(last(queue, runId)).toMatchObject({ kind: 'failed', error: { code: 'project.run-not-started' } });
  });

  test('is held by one application at a time', async () => {
    const { project } = newProject();
    newQueue().attach(project);
    expect(() => newQueue().attach(project)).toThrow(`are managed by process ${process.pid} on`);
    await queues[0]!.close();
    newQueue().attach(project);
  });

  test('finds runs of an application that went away: running ones interrupted, waiting ones waiting', async () => {
    const { folder, project } = newProject();
    const store = openProject(project);
    const request = tinyRequest(folder, { steps: 5 });
    const gone = store.addRun({ request, seed: 1 });
    store.beginAttempt(gone);
    const waiting = store.addRun({ request, seed: 1 });
    store.close();
    const queue = newQueue();
    queue.attach(project);
    expect(queue.history(gone).map(({ kind }) => kind)).toEqual(['interrupted']);
    await queue.idle();
    expect(last(queue, waiting).kind).toBe('finished');
    queue.resume(project, gone);
    await queue.idle();
    expect(last(queue, gone).kind).toBe('finished');
  });
});
