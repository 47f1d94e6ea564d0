/** Two pages that need no script and no file: before the session, and without one. */

/**
 * What the one-time link shows for a moment. It leads on by itself rather than by a redirect, because a redirect
 * still counts as a visit from the page that held the link, and a strict cookie would not go with it.
 */
export function entryPage(): string {
  return page('<meta http-equiv="refresh" content="0; url=/" />', 'Opening CellPredX Studio …');
}

const notes = {
  'used-link': 'This link has been used or has been replaced. Each link opens CellPredX Studio once.',
  'no-session': 'This page opens with the link that CellPredX Studio printed when it started.',
} as const;

export function notePage(note: keyof typeof notes): string {
  return page('', `${notes[note]} Press Enter in the terminal where it runs to get another link.`);
}

function page(head: string, text: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8" /><link rel="icon" href="data:," />${head}<title>CellPredX Studio</title></head><body><p>${text}</p></body></html>`;
}
