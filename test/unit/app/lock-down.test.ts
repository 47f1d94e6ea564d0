import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { denyPermissions, keepOnPage } from '#app/lock-down';

type OpenHandler = (details: { url: string }) => { action: string };

/** The part of a window's contents that is locked down. */
function contents() {
  const emitter = new EventEmitter();
  let open: OpenHandler | undefined;
  const opened: string[] = [];
  keepOnPage(
    Object.assign(emitter, { setWindowOpenHandler: (handler: OpenHandler) => void (open = handler) }) as never,
    (url) => opened.push(url),
  );
  const prevented = (name: string, details: object): boolean => {
    const preventDefault = vi.fn();
    emitter.emit(name, { ...details, preventDefault });
    return preventDefault.mock.calls.length > 0;
  };
  return { prevented, open: open!, opened };
}

test('every permission is denied, asked or checked, devices included', () => {
  const handlers: Record<string, (...args: never[]) => unknown> = {};
  const keep = (name: string) => (handler: (...args: never[]) => unknown) => void (handlers[name] = handler);
  denyPermissions({
    setPermissionRequestHandler: keep('request'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
  } as never);
  const answer = vi.fn();
  (handlers['request'] as (...args: unknown[]) => void)({}, 'media', answer);
  expect(answer).toHaveBeenCalledExactlyOnceWith(false);
  expect(handlers['check']!()).toBe(false);
  expect(handlers['device']!()).toBe(false);
});

test('the page does not navigate away, is not redirected and holds no frame of another site', () => {
  const { prevented } = contents();
  expect(prevented('will-navigate', { url: 'https://evil.example/' })).toBe(true);
  expect(prevented('will-navigate', { url: 'file:///etc/passwd' })).toBe(true);
  expect(prevented('will-navigate', { url: 'app://cellpredx/index.html' })).toBe(false);
  expect(prevented('will-frame-navigate', { isMainFrame: false, url: 'app://cellpredx/index.html' })).toBe(true);
  expect(prevented('will-frame-navigate', { isMainFrame: true, url: 'app://cellpredx/index.html' })).toBe(false);
  expect(prevented('will-redirect', {})).toBe(true);
  expect(prevented('will-attach-webview', {})).toBe(true);
});

test('no second window opens; a link that we know goes to the browser, another one nowhere', () => {
  const { open, opened } = contents();
  expect(open({ url: 'https://doi.org/10.1371/journal.pcbi.1013824' })).toEqual({ action: 'deny' });
  expect(open({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
  expect(opened).toEqual(['https://doi.org/10.1371/journal.pcbi.1013824']);
});
