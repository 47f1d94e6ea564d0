import { expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { runError } from '#compute/run-error';

test('an error of the catalogue crosses as it is', () => {
  const error = new AppError('reading.no-such-file', { path: 'x.h5ad' });
  expect(runError(error)).toEqual({ code: error.code, message: error.message, remedy: error.remedy });
});

test.each([() => new Float64Array(2 ** 50), () => new ArrayBuffer(2 ** 52)])(
  'memory that cannot be had is told as such (%#)',
  (work) => {
    let refusal: unknown;
    try {
      work();
    } catch (error) {
      refusal = error;
    }
    expect(runError(refusal).code).toBe('project.run-out-of-memory');
  },
);

test('so is a WebAssembly memory that cannot grow', () => {
  const refusal = new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded'); // the words of V8
  expect(runError(refusal).code).toBe('project.run-out-of-memory');
});

test('a fault of ours says so and keeps its words', () => {
  expect(runError(new TypeError('x is undefined'))).toMatchObject({
    code: 'internal.fault',
    message: 'CellPredX has a fault: x is undefined',
  });
  expect(runError(new RangeError('row 5 of 3')).code).toBe('internal.fault');
  expect(runError('text').message).toContain('text');
});
