import { lexer, type Token, type Tokens } from 'marked';

/** A page of the user guide: a file of `docs/guide`. */
export interface GuidePage {
  readonly id: string;
  readonly title: string;
  readonly tokens: readonly Token[];
}

/** The pages in the order in which they are read. */
export const pageOrder = [
  'first-labels',
  'choosing-files',
  'repairs',
  'open-chromatin',
  'methods',
  'runs',
  'confidence',
  'markers',
  'why',
  'export',
  'projects',
  'engines',
  'command-line',
  'glossary',
] as const;

const texts = import.meta.glob<string>('../../../docs/guide/*.md', { query: '?raw', import: 'default', eager: true });
const pictures = import.meta.glob<string>('../../../docs/pictures/*-light.png', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** Every page of the guide, in order. */
export const guidePages: readonly GuidePage[] = pageOrder.map((id) => {
  const text = texts[`../../../docs/guide/${id}.md`];
  if (text === undefined) throw new Error(`guidePages: docs/guide/${id}.md is missing`);
  const tokens = lexer(text);
  const heading = tokens.find((token): token is Tokens.Heading => token.type === 'heading');
  return { id, title: heading?.text ?? id, tokens };
});

/** The address of a picture that a page names as `../pictures/name.png`; undefined if it was not built in. */
export function pictureAddress(href: string): string | undefined {
  return pictures[`../../../docs/${href.replace(/^\.\.\//, '')}`];
}

/** Where a link of the guide leads in the application: `confidence.md#unknown` → `#/help/confidence/unknown`. */
export function guideAddress(href: string, page: string): string | null {
  const [, name, section] = /^(?:([\w-]+)\.md)?(?:#([\w-]+))?$/.exec(href) ?? [];
  if (name === undefined && section === undefined) return null;
  return `#/help/${name ?? page}${section === undefined ? '' : `/${section}`}`;
}

/** The name of a heading in an address, as GitHub makes it: "Reading `labels.csv`" → "reading-labelscsv". */
export function sectionName(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
