import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '#contract/page-headers';
import { answerPage, pagePrivileges } from '#app/page-protocol';

const files = new Map([
  ['/index.html', { mediaType: 'text/html; charset=utf-8', bytes: new TextEncoder().encode('<p>page</p>') }],
  ['/assets/index.js', { mediaType: 'text/javascript; charset=utf-8', bytes: new TextEncoder().encode('1;') }],
]);
const ask = (url: string, method = 'GET'): Response => answerPage({ url, method }, files);

test('the page and its parts are served with the policy and the isolation headers', async () => {
  for (const url of ['app://cellpredx/', 'app://cellpredx/index.html', 'app://cellpredx/index.html?x#y']) {
    const answer = ask(url);
    expect(await answer.text()).toBe('<p>page</p>');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy());
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(answer.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  }
  expect(ask('app://cellpredx/assets/index.js').headers.get('content-type')).toBe('text/javascript; charset=utf-8');
});

test.each([
  'app://cellpredx/../../etc/passwd',
  'app://cellpredx/..%2f..%2fetc/passwd',
  'app://cellpredx/assets/',
  'app://cellpredx//etc/passwd',
  'app://other/index.html',
  'https://cellpredx/index.html',
])('%s leads nowhere', (url) => {
  expect(ask(url).status).toBe(404);
});

test('only GET is answered', () => {
  expect(ask('app://cellpredx/', 'POST').status).toBe(404);
});

test('the scheme is secure and cannot get around the policy', () => {
  expect(pagePrivileges.privileges).toEqual({ standard: true, secure: true, supportFetchAPI: true });
});

test('the policy allows no script but our files, no plug-in, no frame and no other site', () => {
  const policy = new Map(
    contentSecurityPolicy()
      .split('; ')
      .map((part) => [part.split(' ')[0], part.split(' ').slice(1)]),
  );
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('script-src')).toEqual(["'self'"]);
  expect(policy.get('connect-src')).toEqual(["'self'"]);
  for (const part of ['base-uri', 'form-action', 'frame-ancestors']) expect(policy.get(part)).toEqual(["'none'"]);
  expect(contentSecurityPolicy()).not.toMatch(/unsafe-eval|https?:|\*/);
});
