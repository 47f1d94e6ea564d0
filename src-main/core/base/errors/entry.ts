/** One failure: what is wrong, with the user's own values in it, and the one thing to do next. */
export interface ErrorEntry {
  readonly says: (details: never) => string;
  readonly remedy: string;
}

/** Code → entry. A code reads `area.what-is-wrong`. */
export type ErrorEntries = Readonly<Record<`${string}.${string}`, ErrorEntry>>;
