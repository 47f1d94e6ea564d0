import type { IncomingMessage } from 'node:http';

/** Names under which a browser reaches this computer itself; the port may be that of a tunnel. */
const ownNames = new Set(['127.0.0.1', 'localhost']);

/**
 * Why a request is refused, or null if it may go on.
 *
 * The host must be this computer: a page of the network that made its own name point here (DNS rebinding) still
 * sends that name. The origin, where there is one, must be the very address the page came from, so that no other
 * page, not even one of another program on this computer, can speak to us.
 *
 * @param rules `originRequired` for what only a page sends; `fromAnywhere` for the link a person opens
 */
export function checkCaller(
  request: Pick<IncomingMessage, 'headers'>,
  rules: { readonly originRequired?: boolean; readonly fromAnywhere?: boolean } = {},
): string | null {
  const { host, origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (host === undefined || !isOwnHost(host)) return 'This host name is not served.';
  if (origin === undefined) {
    if (rules.originRequired === true) return 'A request without an origin is not answered.';
  } else if (origin !== `http://${host}`) {
    return 'Requests of other pages are not answered.';
  }
  if (rules.fromAnywhere !== true && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return 'Requests of other pages are not answered.';
  }
  return null;
}

/** `name` or `name:port` of this computer. */
export function isOwnHost(host: string): boolean {
  const match = /^([^:]+)(?::(\d{1,5}))?$/.exec(host);
  return match !== null && ownNames.has(match[1]!.toLowerCase()) && Number(match[2] ?? 80) <= 65535;
}
