import { expect, test } from 'vitest';
import { hostHelp, hostOptions } from '#host/host-options';

test('without options, projects and files lie in the home folder and the port is free', () => {
  expect(hostOptions([], '/users/ada')).toEqual({
    projectDir: '/users/ada/CellPredX',
    roots: ['/users/ada'],
    port: null,
    open: false,
  });
});

test('named roots replace the home folder', () => {
  const options = hostOptions(['--root', '/data', '--root', '/more', '--port', '8080', '--open'], '/users/ada');
  expect(options).toMatchObject({ roots: ['/data', '/more'], port: 8080, open: true });
});

test.each([
  ['--port', '0'],
  ['--port', '65536'],
  ['--port', '80x'],
  ['--port', '-1'],
  ['--host', '0.0.0.0'],
  ['word'],
  ['--root'],
])('%s %s is refused', (...words) => {
  expect(() => hostOptions(words, '/users/ada')).toThrow(expect.objectContaining({ code: 'request.bad-option' }));
});

test('the help names every option', () => {
  expect(hostOptions(['--help'], '/')).toBe('help');
  for (const option of ['--project-dir', '--root', '--port', '--open']) expect(hostHelp).toContain(option);
});
