import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Session {
  /** A secret that can be exchanged once. */
  newToken(): string;
  /** The `Set-Cookie` value for a token that was not used yet, else null. The token is void afterwards. */
  exchange(token: string): string | null;
  /** Whether a `Cookie` header holds a session that was opened here. */
  admits(cookieHeader: string | undefined): boolean;
}

/** Links that may wait to be opened; an older one becomes void. */
const mostTokens = 4;

/**
 * Who may use the page: whoever opened a one-time link. The cookie is unreadable to scripts, is never sent with
 * requests of other sites, and ends with this process. Its name is drawn anew each time, because browsers share
 * the cookies of one host between all its ports.
 */
export function createSession(): Session {
  const name = `cellpredx-${randomBytes(6).toString('hex')}`;
  let tokens: Buffer[] = [];
  const sessions: Buffer[] = [];
  return {
    newToken() {
      const token = secret();
      tokens = [...tokens, digest(token)].slice(-mostTokens);
      return token;
    },
    exchange(token) {
      const given = digest(token);
      if (!holds(tokens, given)) return null;
      tokens = tokens.filter((known) => !timingSafeEqual(known, given));
      const value = secret();
      sessions.push(digest(value));
      return `${name}=${value}; HttpOnly; SameSite=Strict; Path=/`;
    },
    admits(cookieHeader) {
      const pairs = (cookieHeader ?? '').split(';').map((pair) => pair.trim());
      const own = pairs.filter((pair) => pair.startsWith(`${name}=`));
      return own.some((pair) => holds(sessions, digest(pair.slice(name.length + 1))));
    },
  };
}

/** 256 random bits in letters that need no escaping. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Secrets are kept and compared as digests: equal lengths, and a comparison whose time tells nothing. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function holds(known: readonly Buffer[], given: Buffer): boolean {
  return known.some((one) => timingSafeEqual(one, given));
}
