import type { Duplicates } from './inspect/preflight-report.ts';

/**
 * Names made unique: the second "A" becomes "A-1", the third "A-2", and so on, passing over names that are taken.
 * The first of each keeps its name; a list without repeats is given back as it is.
 */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names);
  if (taken.size === names.length) return names;
  const seen = new Set<string>();
  const next = new Map<string, number>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = next.get(name) ?? 1;
    while (taken.has(`${name}-${number}`)) number++;
    next.set(name, number + 1);
    const unique = `${name}-${number}`;
    taken.add(unique);
    return unique;
  });
}

/** How many names were already taken by an earlier entry, with the first three of them. */
export function duplicatesIn(names: readonly string[]): Duplicates {
  const seen = new Set<string>();
  const examples = new Set<string>();
  let count = 0;
  for (const name of names) {
    if (seen.has(name)) {
      count++;
      if (examples.size < 3) examples.add(name);
    } else {
      seen.add(name);
    }
  }
  return { count, examples: [...examples] };
}
