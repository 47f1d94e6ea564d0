import type { LabelNames } from '../../state/study-draft.svelte.ts';

interface Counted {
  readonly value: string;
  readonly cells: number;
}

/** Labels as they will be learned: each with its cells and the names it has in the file, in the order of the first of them. */
export function namedLabels(
  counts: readonly Counted[],
  names: LabelNames,
): readonly { readonly name: string; readonly cells: number; readonly from: readonly string[] }[] {
  const newName = new Map(names.map(({ from, to }) => [from, to]));
  const labels = new Map<string, { cells: number; from: string[] }>();
  for (const { value, cells } of counts) {
    const name = newName.get(value) ?? value;
    const known = labels.get(name) ?? { cells: 0, from: [] };
    labels.set(name, { cells: known.cells + cells, from: [...known.from, value] });
  }
  return [...labels].map(([name, label]) => ({ name, ...label }));
}

/** What becomes of the labels that are renamed: "DC and pDC become Dendritic, B becomes B cell"; empty for none. */
export function namesText(names: LabelNames): string {
  const from = new Map<string, string[]>();
  for (const name of names) from.set(name.to, [...(from.get(name.to) ?? []), name.from]);
  return [...from]
    .map(([to, before]) => `${listed(before)} ${before.length === 1 ? 'becomes' : 'become'} ${to}`)
    .join(', ');
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}
