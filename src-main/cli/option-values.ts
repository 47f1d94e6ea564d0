/** The number that a text spells; NaN, which no option takes, for an empty one. */
export function numberFrom(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** What `read` makes of an option that was given. */
export function optional<T>(value: string | undefined, read: (text: string) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}
