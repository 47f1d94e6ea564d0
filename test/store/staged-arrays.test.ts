import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProject, type ProjectWriter } from '#store/project';
import type { StreamedArray } from '#store/stored-array';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function begun(): { project: ProjectWriter; id: string; attempt: number } {
  const project = createProject(join(newFolder(), 'Liver.cpx'));
  const id = project.addRun({ request: {}, seed: 7 });
  return { project, id, attempt: project.beginAttempt(id) };
}
const streamed = (...pieces: Uint16Array[]): StreamedArray => ({
  dtype: 'uint16',
  shape: [pieces.reduce((sum, piece) => sum + piece.length, 0)],
  pieces: () => pieces,
});
const arraysOf = (project: ProjectWriter): string[] => readdirSync(join(project.path, 'arrays'));

describe('an array that comes in pieces', () => {
  test('is stored as one that came whole, under the same name', async () => {
    const { project, id, attempt } = begun();
    const staged = await project.stageArrays({
      pieces: streamed(Uint16Array.of(1, 2), Uint16Array.of(), Uint16Array.of(3)),
    });
    const whole = { shape: [3], values: Uint16Array.of(1, 2, 3) };
    project.finishRun(id, attempt, { documents: {}, arrays: { whole }, staged, stages: [] });
    const rows = project.runArrays(id);
    expect(rows.map(({ name }) => name)).toEqual(['pieces', 'whole']);
    expect(rows[0]!.hash).toBe(rows[1]!.hash);
    expect(await project.readRunArray(id, 'pieces')).toEqual(whole);
    expect(await project.readRunArrayPart(id, 'pieces', 1, 3)).toEqual(Uint16Array.of(2, 3));
    expect(await project.verifyArrays()).toEqual([]);
    project.close();
  });

  test('with no values at all is stored too', async () => {
    const { project, id, attempt } = begun();
    const staged = await project.stageArrays({ none: streamed() });
    project.finishRun(id, attempt, { documents: {}, arrays: {}, staged, stages: [] });
    expect((await project.readRunArray(id, 'none')).values).toEqual(new Uint16Array());
    project.close();
  });

  test.each([
    [
      'ends with an error',
      () => {
        throw new Error('the rows are gone');
      },
      'the rows are gone',
    ],
    ['is shorter than said', () => [Uint16Array.of(1)], 'with 1 values'],
    ['has another number format than said', () => [Float32Array.of(1, 2)], 'float32 among uint16'],
  ] as const)('and %s leaves nothing behind, nor do those staged before it', async (_, pieces, says) => {
    const { project } = begun();
    const broken: StreamedArray = { dtype: 'uint16', shape: [2], pieces };
    await expect(project.stageArrays({ good: streamed(Uint16Array.of(4)), broken })).rejects.toThrow(says);
    expect(arraysOf(project)).toEqual([]);
    project.close();
  });

  test('is dropped with a run that was given up meanwhile', async () => {
    const { project, id, attempt } = begun();
    const staged = await project.stageArrays({ good: streamed(Uint16Array.of(4)) });
    project.endRun(id, { status: 'interrupted' });
    expect(() => project.finishRun(id, attempt, { documents: {}, arrays: {}, staged, stages: [] })).toThrow();
    expect(arraysOf(project)).toEqual([]);
    project.close();
  });
});
