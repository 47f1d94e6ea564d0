import type { Protocol } from 'electron';
import { pageHeaders } from '#contract/page-headers';
import { pageFile, type PageFiles } from '#handlers/page-files';
import { navigationAllowed, pageScheme } from './page-origin.ts';

/** Must be told before the application is ready: the scheme behaves like HTTPS, so that the policy and modules hold. */
export const pagePrivileges = {
  scheme: pageScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
} as const;

/** Serves the built page at its own origin. */
export function servePage(protocol: Pick<Protocol, 'handle'>, files: PageFiles): void {
  protocol.handle(pageScheme, (request) => answerPage(request, files));
}

/** The answer to one request: only names found at the start are served, with the headers of every page. */
export function answerPage(request: Pick<Request, 'url' | 'method'>, files: PageFiles): Response {
  const file =
    request.method === 'GET' && navigationAllowed(request.url)
      ? pageFile(files, new URL(request.url).pathname)
      : undefined;
  if (file === undefined)
    return new Response('There is nothing at this address.', { status: 404, headers: pageHeaders() });
  return new Response(Uint8Array.from(file.bytes), {
    headers: { ...pageHeaders(), 'Content-Type': file.mediaType },
  });
}
