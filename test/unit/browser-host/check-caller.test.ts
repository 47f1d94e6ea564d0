import { expect, test } from 'vitest';
import { checkCaller, isOwnHost } from '#host/check-caller';

test.each([
  ['127.0.0.1:8080', true],
  ['127.0.0.1', true],
  ['localhost:1', true],
  ['LOCALHOST', true],
  ['', false],
  ['localhost:', false],
  ['localhost:99999', false],
  ['localhost:1:2', false],
  ['localhost.', false],
  ['127.0.0.1:80@evil.example', false],
  ['evil.example', false],
  ['0.0.0.0', false],
  ['127.0.0.2', false],
  ['[::1]:80', false],
])('the host %j names this computer: %j', (host, own) => {
  expect(isOwnHost(host)).toBe(own);
});

test('a request without a host is refused', () => {
  expect(checkCaller({ headers: {} })).toMatch('not served');
});

test('the origin must be the very address the request went to', () => {
  const host = '127.0.0.1:8080';
  expect(checkCaller({ headers: { host, origin: 'http://127.0.0.1:8080' } })).toBeNull();
  expect(checkCaller({ headers: { host, origin: 'http://localhost:8080' } })).toMatch('other pages');
  expect(checkCaller({ headers: { host, origin: 'http://127.0.0.1:8081' } })).toMatch('other pages');
});

test('a link may be followed from anywhere, but no page may send an origin of its own with it', () => {
  const headers = { host: 'localhost', 'sec-fetch-site': 'cross-site' };
  expect(checkCaller({ headers }, { fromAnywhere: true })).toBeNull();
  expect(checkCaller({ headers })).toMatch('other pages');
  expect(checkCaller({ headers: { ...headers, origin: 'http://evil.example' } }, { fromAnywhere: true })).toMatch(
    'other',
  );
});
