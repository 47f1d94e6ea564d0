/** A colour of the window as it is now, by the name of its property: `--surface`. */
export function cssColour(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
