import { describe, expect, test } from 'vitest';
import { AnnotationRequest, type AnnotationRequestInput } from '#contract/annotation-request';
import { codeVersion, resultKey } from '#compute/result-key';

const plain: AnnotationRequestInput = {
  reference: [{ path: '/a/reference.h5ad' }],
  query: [{ path: '/a/query.h5ad', labelsFile: '/a/labels.csv' }],
  label: 'cell_type',
  settings: { steps: 10, weights: { alignment: 1, centres: 2 } },
};
const inputs = [
  { role: 'reference' as const, path: '/a/reference.h5ad', sha256: '11' },
  { role: 'query' as const, path: '/a/query.h5ad', sha256: '22' },
];
const keyOf = (change: Partial<AnnotationRequestInput> = {}, files = inputs, code = 'c1'): string =>
  resultKey(AnnotationRequest.parse({ ...plain, ...change }), files, code);

describe('the key of a result', () => {
  test('is the same for the same inputs, wherever they lie and in whatever order settings were named', () => {
    const moved = inputs.map((input) => ({ ...input, path: input.path.replace('/a/', '/b/') }));
    const elsewhere = keyOf(
      {
        reference: [{ path: '/b/reference.h5ad' }],
        query: [{ path: '/b/query.h5ad', labelsFile: '/b/labels.csv' }],
        settings: { weights: { centres: 2, alignment: 1 }, steps: 10 },
      },
      moved,
    );
    expect(elsewhere).toBe(keyOf());
    expect(keyOf()).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each<[string, () => string]>([
    ['the content of a file', () => keyOf({}, [inputs[0]!, { ...inputs[1]!, sha256: '33' }])],
    ['the name of a file', () => keyOf({}, [inputs[0]!, { ...inputs[1]!, path: '/a/q2.h5ad' }])],
    ['a setting', () => keyOf({ settings: { steps: 11, weights: { alignment: 1, centres: 2 } } })],
    ['the seed', () => keyOf({ seed: 5 })],
    ['the engine', () => keyOf({ engine: 'wasm' })],
    ['the label column', () => keyOf({ label: 'other' })],
    ['a repair', () => keyOf({ reference: [{ path: '/a/reference.h5ad', repairs: [{ kind: 'transpose' }] }] })],
    ['the code', () => keyOf({}, inputs, 'c2')],
  ])('changes with %s', (_, changed) => {
    expect(changed()).not.toBe(keyOf());
  });

  test('counts the code that computes', () => {
    expect(codeVersion()).toMatch(/^[0-9a-f]{64}$/);
    expect(codeVersion()).toBe(codeVersion());
  });
});
