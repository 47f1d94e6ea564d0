import { expect, test } from 'vitest';
import { helpLinks } from '#app/menu';
import { externalLinkAllowed, isTrustedSender, navigationAllowed, pageAddress } from '#app/page-origin';

const elsewhere = [
  'https://cellpredx/index.html',
  'app://evil/index.html',
  'app://cellpredx.evil.example/',
  'app://evil.example/cellpredx',
  'app://user@cellpredx/',
  'app://cellpredx:80/',
  'file:///etc/passwd',
  'data:text/html,x',
  'about:blank',
  'javascript:alert(1)',
  '',
  'index.html',
];

test('the top frame of our page is trusted', () => {
  expect(isTrustedSender({ url: pageAddress, parent: null })).toBe(true);
  expect(isTrustedSender({ url: 'app://cellpredx/#/run/1', parent: null })).toBe(true);
});

test('a frame in the page, a frame that is gone and every other address are not', () => {
  expect(isTrustedSender({ url: pageAddress, parent: {} })).toBe(false);
  expect(isTrustedSender(null)).toBe(false);
  for (const url of elsewhere.filter((other) => other !== 'app://user@cellpredx/')) {
    expect(isTrustedSender({ url, parent: null }), url).toBe(false);
    expect(navigationAllowed(url), url).toBe(false);
  }
});

test('the links of the menu may be opened', () => {
  for (const url of Object.values(helpLinks)) expect(externalLinkAllowed(url), url).toBe(true);
});

test.each([
  'http://doi.org/10.1',
  'https://doi.org:8443/x',
  'https://user@doi.org/x',
  'https://doi.org@evil.example/',
  'https://evil.example/doi.org',
  'https://doi.org.evil.example/',
  'https://xdoi.org/',
  'file:///etc/passwd',
  'smb://github.com/share',
  'javascript:alert(1)',
  'mailto:a@doi.org',
  'not a link',
])('%s is not opened', (url) => {
  expect(externalLinkAllowed(url)).toBe(false);
});
