/** The page of the desktop window lies at `app://cellpredx/`: an origin of its own, with headers, unlike a file. */
export const pageScheme = 'app';
export const pageOrigin = 'app://cellpredx';
export const pageAddress = `${pageOrigin}/index.html`;

/** A frame that sent a message, as far as trust goes. */
export interface Sender {
  readonly url: string;
  /** Null for the page itself; a frame inside it has one. */
  readonly parent: unknown;
}

/** Whether a message comes from our page: its top frame, at its own origin. A frame that is gone is not trusted. */
export function isTrustedSender(sender: Sender | null): boolean {
  return sender !== null && sender.parent === null && isPageAddress(sender.url);
}

/** The window shows our page and never goes elsewhere. */
export function navigationAllowed(url: string): boolean {
  return isPageAddress(url);
}

/** Sites that links in the application may open in the person's own browser. */
const linkedSites = [
  'doi.org',
  'github.com',
  'arxiv.org',
  'pubmed.ncbi.nlm.nih.gov',
  'journals.plos.org',
  'nodejs.org',
];

/** Whether a link may be given to the system: HTTPS, a site that we link to, no user name and no port in it. */
export function externalLinkAllowed(url: string): boolean {
  const parsed = URL.parse(url);
  return (
    parsed !== null &&
    parsed.protocol === 'https:' &&
    parsed.port === '' &&
    parsed.username === '' &&
    parsed.password === '' &&
    linkedSites.includes(parsed.hostname)
  );
}

function isPageAddress(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${pageScheme}:` && `${parsed.protocol}//${parsed.host}` === pageOrigin;
}
