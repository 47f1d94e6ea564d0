/** The colour at `value` on a scale of `#rrggbb` stops spread evenly over `range`; beyond its ends the end colours. */
export function colourAt(stops: readonly string[], range: readonly [number, number], value: number): string {
  const [low, high] = range;
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
  const place = share * (stops.length - 1);
  const left = Math.min(stops.length - 2, Math.floor(place));
  const a = parts(stops[left]!);
  const b = parts(stops[left + 1]!);
  return `#${a.map((part, i) => hex(part + (b[i]! - part) * (place - left))).join('')}`;
}

/** Black or white, whichever stands out more against the colour (WCAG 2 contrast). */
export function textOn(colour: string): '#000000' | '#ffffff' {
  const [r, g, b] = parts(colour).map((part) => {
    const light = part / 255;
    return light <= 0.04045 ? light / 12.92 : ((light + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! > 0.179 ? '#000000' : '#ffffff';
}

function parts(colour: string): number[] {
  return [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
}

function hex(part: number): string {
  return Math.round(part).toString(16).padStart(2, '0');
}
