import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Names after `tf.` that compute nothing on an engine. */
const noOperations = new Set([
  'backend',
  'customGrad',
  'dispose',
  'enableProdMode',
  'engine',
  'env',
  'getBackend',
  'keep',
  'memory',
  'nextFrame',
  'registerGradient',
  'registerKernel',
  'setBackend',
  'tensor',
  'tensor1d',
  'tensor2d',
  'tidy',
]);

test('no operation that the methods use is left out', () => {
  const used = new Set<string>();
  const sources = ['src-main/core', 'src-main/engine'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && (folder !== 'src-main/engine' || /gradients[\w-]*\.ts$/.test(name)))
      .map((name) => `${folder}/${name}`),
  );
  for (const file of sources) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/\btf\.([a-z]\w*)\(/g)) used.add(name!);
  }
  const tables = ['test/conformance/cases/operations.ts', 'test/support/differentiable-operations.ts'].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const untested = [...used].filter(
    (name) => !noOperations.has(name) && !tables.some((t) => t.includes(`tf.${name}(`)),
  );
  expect(used.size).toBeGreaterThan(30);
  expect(untested).toEqual([]);
});
