/** Requests of a page, counted: to where the page came from, and to anywhere else. */
export interface RequestsByOrigin {
  readonly own: number;
  /** By origin, the most frequent first. */
  readonly elsewhere: readonly { readonly origin: string; readonly requests: number }[];
}

/** Pictures and texts that the page carries in itself ask nobody. */
const withinThePage = /^(data|blob|about):/;

/** @param addresses of everything that was asked for @param page address of the page */
export function requestsByOrigin(addresses: readonly string[], page: string): RequestsByOrigin {
  const home = originOf(page);
  const counts = new Map<string, number>();
  for (const address of addresses) {
    if (withinThePage.test(address)) continue;
    const origin = originOf(address);
    counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  const own = counts.get(home) ?? 0;
  counts.delete(home);
  const elsewhere = Array.from(counts, ([origin, requests]) => ({ origin, requests }));
  return { own, elsewhere: elsewhere.sort((a, b) => b.requests - a.requests) };
}

/** Scheme and host; `URL.origin` has no word for the scheme of the desktop window. */
function originOf(address: string): string {
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}
