import { expect, test } from 'vitest';
import { createSession } from '#host/session';

const cookieOf = (set: string): string => set.split(';')[0]!;

test('each token opens one session, and every opened session stays', () => {
  const session = createSession();
  const cookies = [session.newToken(), session.newToken()].map((token) => cookieOf(session.exchange(token)!));
  expect(new Set(cookies).size).toBe(2);
  expect(cookies.map((cookie) => session.admits(cookie))).toEqual([true, true]);
});

test('a used token, and the fifth latest one, are void', () => {
  const session = createSession();
  const tokens = Array.from({ length: 5 }, () => session.newToken());
  expect(session.exchange(tokens[0]!)).toBeNull();
  expect(session.exchange(tokens[1]!)).not.toBeNull();
  expect(session.exchange(tokens[1]!)).toBeNull();
});

test('a session of another start opens nothing', () => {
  const [one, other] = [createSession(), createSession()];
  const cookie = cookieOf(one.exchange(one.newToken())!);
  expect(other.admits(cookie)).toBe(false);
  expect(one.admits(undefined)).toBe(false);
});
