import { Random } from '#core/base/random';

/** How a point stands out. The order is that of drawing: what comes later lies on top. */
export const looks = { hidden: 0, faded: 1, plain: 2, chosen: 3 } as const;

/** What a map shows, as plain arrays. A point's number is its place in them. */
export interface MapPoints {
  /** [points, 2] row by row, within −1 … 1 (see `unitPlaces`). */
  readonly places: Float32Array;
  /** [points] place in `palette`. */
  readonly colours: Uint8Array;
  /** [points] of `looks`. */
  readonly looks: Uint8Array;
  /** At most 256 colours, `#rrggbb`. */
  readonly palette: readonly string[];
  /** Whether colours further back in the palette lie on top: high values over low ones. */
  readonly highOnTop: boolean;
}

/**
 * Places brought to −1 … 1, by the same factor along both axes, with the middle of their extent at 0. Places that all
 * coincide lie at 0.
 * @param places [points, 2] row by row, finite
 */
export function unitPlaces(places: Float32Array): Float32Array {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < places.length; i++) {
    const axis = i & 1;
    if (places[i]! < low[axis]!) low[axis] = places[i]!;
    if (places[i]! > high[axis]!) high[axis] = places[i]!;
  }
  const half = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) / 2 || 1;
  const middle = [(low[0]! + high[0]!) / 2, (low[1]! + high[1]!) / 2];
  return places.map((value, i) => Math.min(1, Math.max(-1, (value - middle[i & 1]!) / half)));
}

/**
 * The order in which points are drawn: shuffled by the seed, so that no group lies on top of another for its place in the
 * file, and so that the first n points are a fair sample of all of them.
 */
export function drawingOrder(points: number, seed: number): Uint32Array<ArrayBuffer> {
  const random = Random.forPurpose(seed, 'drawing order of the map');
  const order = Uint32Array.from({ length: points }, (_, point) => point);
  for (let i = points - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Four bytes per colour of a palette of `#rrggbb`, filled up to 256 colours. */
export function paletteBytes(palette: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(4 * 256).fill(255);
  palette.forEach((colour, place) => {
    for (let part = 0; part < 3; part++)
      bytes[4 * place + part] = parseInt(colour.slice(1 + 2 * part, 3 + 2 * part), 16);
  });
  return bytes;
}
