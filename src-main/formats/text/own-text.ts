/**
 * The same text with bytes of its own. A piece cut out of a line keeps the whole block of the file alive that the line
 * came from; a reader that keeps small pieces of a large file would keep the file.
 */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}

/** Gives equal texts as one and the same, with bytes of its own: for names that repeat, such as those of contigs. */
export function ownTexts(): (text: string) => string {
  const held = new Map<string, string>();
  return (text) => {
    let own = held.get(text);
    if (own === undefined) {
      own = ownText(text);
      held.set(own, own);
    }
    return own;
  };
}
