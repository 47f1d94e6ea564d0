import { expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';

test("an error carries the user's own values, a remedy, and survives a process border as data", () => {
  const error = new AppError('reading.no-such-file', { path: 'lab/pbmc.h5ad' });
  expect(error.message).toContain('lab/pbmc.h5ad');
  expect(structuredClone(error.toWire())).toEqual({
    code: 'reading.no-such-file',
    message: error.message,
    remedy: error.remedy,
  });
});

test('an error keeps what caused it', () => {
  const cause = new Error('ENOENT');
  expect(new AppError('reading.no-such-file', { path: 'x' }, { cause }).cause).toBe(cause);
});
