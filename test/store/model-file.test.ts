import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { encodeModel, type ModelFile, readModelFile } from '#store/model-file';
import { modelCard } from '#test/support/model-card';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

const file: ModelFile = {
  card: modelCard(['G1', 'G2', 'é']),
  model: {
    kind: 'tiny-model-1',
    description: { labels: ['B', 'T'], features: ['G1', 'G2', 'é'] },
    arrays: {
      weights: { shape: [3, 2], values: Float32Array.of(1, -0, 3.5, Infinity, 1e-40, 6) },
      counts: { shape: [3], values: Int32Array.of(-1, 2, 3) },
      exact: { shape: [1], values: Float64Array.of(0.1) },
      none: { shape: [0, 4], values: new Float32Array(0) },
    },
  },
};
const bytesOf = (model: ModelFile): Buffer => Buffer.concat([...encodeModel(model)]);

function written(bytes: Uint8Array): string {
  const path = join(newFolder(), 'model.cpxmodel');
  writeFileSync(path, bytes);
  return path;
}

describe('a model file', () => {
  test('gives back what was written, to the bit, and is the same for the same model', async () => {
    expect(await readModelFile(written(bytesOf(file)))).toEqual(file);
    const { weights, ...others } = file.model.arrays;
    const turned = { ...file, model: { ...file.model, arrays: { ...others, weights: weights! } } };
    expect(bytesOf(turned).equals(bytesOf(file))).toBe(true);
  });

  test('is refused as damaged wherever one byte differs behind its name and version', async () => {
    const whole = bytesOf(file);
    const random = new Random(11);
    for (let at = 12; at < whole.length; at += 1 + random.below(7)) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1 + random.below(255);
      await expect(readModelFile(written(bytes)), `byte ${at}`).rejects.toMatchObject({
        code: 'reading.model-damaged',
      });
    }
  });

  test('is refused as damaged wherever it ends too soon, or goes on', async () => {
    const whole = bytesOf(file);
    for (const length of [8, 40, 56, 300, whole.length - 130, whole.length - 1]) {
      await expect(readModelFile(written(whole.subarray(0, length))), `${length} bytes`).rejects.toMatchObject({
        code: 'reading.model-damaged',
      });
    }
    await expect(readModelFile(written(Buffer.concat([whole, Buffer.of(0)])))).rejects.toThrow(
      'model.cpxmodel is damaged: something follows its end.',
    );
  });

  test.each([
    ['empty', Buffer.alloc(0)],
    ['a table', Buffer.from('cell,predicted\nq1,B\n')],
    ['an array of a project', Buffer.concat([Buffer.from('CPXARRAY'), Buffer.alloc(200)])],
  ])('that is %s is refused as no model', async (_, bytes) => {
    await expect(readModelFile(written(bytes))).rejects.toMatchObject({ code: 'reading.not-a-model' });
  });

  test('of a newer layout is refused with both numbers', async () => {
    const bytes = bytesOf(file);
    bytes.writeUInt32LE(2, 8);
    await expect(readModelFile(written(bytes))).rejects.toMatchObject({
      code: 'reading.model-newer',
      details: { layout: 2, known: 1 },
    });
  });

  test('that is a folder or is not there is refused by its name', async () => {
    const folder = newFolder();
    await expect(readModelFile(folder)).rejects.toMatchObject({ code: 'reading.not-a-model' });
    await expect(readModelFile(join(folder, 'gone'))).rejects.toMatchObject({ code: 'reading.no-such-file' });
  });
});
