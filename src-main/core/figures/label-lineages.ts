/** Words that say nothing of what kind a cell is. */
const EMPTY = new Set([
  'cell',
  'like',
  'type',
  'subtype',
  'cluster',
  'group',
  'population',
  'other',
  'and',
  'of',
  'the',
]);

/**
 * Which labels name the same lineage, as far as their names tell: labels whose first or whose last word is the same, as
 * “CD4 T” and “CD8 T cell”, “naive B” and “memory B”, “Ex-L2/3 IT” and “Ex-L5 PT”, “InP” and “InS”. Of the two words the
 * one that more labels share counts; the last one where they are even, since English names a kind at the end.
 *
 * Words end at signs, digits and capitals inside (“E5Parm1” is E, Parm). Case, a plural s, “cell” and the like, and names
 * of surface markers (CD4, CD14) do not count, nor does a word that all labels share. It reads names and knows no biology:
 * “NK” and “natural killer” are two.
 *
 * @param labels each once
 * @returns [labels] number of the lineage, 0, 1, … in order of appearance; −1 for a label that shares no word
 */
export function labelLineages(labels: readonly string[]): Int32Array {
  const ends = labels.map((label) => {
    const words = wordsOf(label);
    return words.length === 0 ? [] : [...new Set([words.at(-1)!, words[0]!])];
  });
  const shared = new Map<string, number>();
  for (const word of ends.flat()) shared.set(word, (shared.get(word) ?? 0) + 1);
  const telling = (word: string): number => (shared.get(word) === labels.length ? 0 : shared.get(word)!);
  const chosen = ends.map((words) => words.reduce((a, b) => (telling(b) > telling(a) ? b : a), words[0] ?? ''));
  const holders = new Map<string, number>();
  for (const word of chosen) if (word !== '' && telling(word) > 1) holders.set(word, (holders.get(word) ?? 0) + 1);
  const numbers = new Map<string, number>();
  return Int32Array.from(chosen, (word) => {
    if ((holders.get(word) ?? 0) < 2) return -1;
    if (!numbers.has(word)) numbers.set(word, numbers.size);
    return numbers.get(word)!;
  });
}

function wordsOf(label: string): string[] {
  return label
    .normalize('NFC')
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((part) => part.replace(/^cd\d+[a-e]?(?!\p{Ll})/iu, '').match(/\p{Lu}*\p{Ll}+|\p{Lu}+|\p{Lo}+/gu) ?? [])
    .map((word) => word.toLowerCase().replace(/(?<=[^s]{2})s$/, ''))
    .filter((word) => !EMPTY.has(word));
}
