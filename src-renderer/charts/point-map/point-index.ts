import type { MapPlace } from './map-camera.ts';

/** Points per field of the grid, about, if they lay evenly. */
const PER_FIELD = 6;
const MOST_FIELDS = 1024;

/**
 * Finds points by where they lie, by a grid over −1 … 1 into whose fields the points are counted. Making it takes two
 * passes over the points (1 000 000 in some 30 ms) and 4 bytes a point.
 */
export class PointIndex {
  readonly #places: Float32Array;
  readonly #side: number;
  /** [fields + 1] where the points of each field begin in `#points`. */
  readonly #starts: Uint32Array;
  readonly #points: Uint32Array;

  /** @param places [points, 2] row by row, within −1 … 1 */
  constructor(places: Float32Array) {
    const count = places.length / 2;
    this.#places = places;
    this.#side = Math.max(1, Math.min(MOST_FIELDS, Math.ceil(Math.sqrt(count / PER_FIELD))));
    this.#starts = new Uint32Array(this.#side * this.#side + 1);
    this.#points = new Uint32Array(count);
    const field = new Uint32Array(count);
    for (let point = 0; point < count; point++) {
      field[point] = this.#line(places[2 * point + 1]!) * this.#side + this.#line(places[2 * point]!);
      this.#starts[field[point]! + 1]!++;
    }
    for (let i = 0; i < this.#starts.length - 1; i++) this.#starts[i + 1]! += this.#starts[i]!;
    const next = this.#starts.slice();
    for (let point = 0; point < count; point++) this.#points[next[field[point]!]!++] = point;
  }

  /** The point nearest to a place, not farther than `radius`; −1 for none. Points that `counts` refuses are passed over. */
  nearest(at: MapPlace, radius: number, counts: (point: number) => boolean = () => true): number {
    let found = -1;
    let best = radius * radius;
    this.#around(at.x - radius, at.y - radius, at.x + radius, at.y + radius, (point) => {
      const apart = (this.#places[2 * point]! - at.x) ** 2 + (this.#places[2 * point + 1]! - at.y) ** 2;
      if (apart > best || (apart === best && found >= 0) || !counts(point)) return;
      best = apart;
      found = point;
    });
    return found;
  }

  /**
   * The points within a closed outline, rising; parts that the outline runs round an even number of times lie outside
   * (even-odd rule). @param outline corners; fewer than three hold nothing
   */
  within(outline: readonly MapPlace[], counts: (point: number) => boolean = () => true): Uint32Array {
    if (outline.length < 3) return new Uint32Array();
    const xs = Float64Array.from(outline, (place) => place.x);
    const ys = Float64Array.from(outline, (place) => place.y);
    const found: number[] = [];
    this.#around(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (point) => {
      if (isInside(xs, ys, this.#places[2 * point]!, this.#places[2 * point + 1]!) && counts(point)) found.push(point);
    });
    return Uint32Array.from(found).sort();
  }

  /** Calls `look` for every point of the fields that a box touches. */
  #around(left: number, bottom: number, right: number, top: number, look: (point: number) => void): void {
    const [from, to] = [this.#line(left), this.#line(right)];
    for (let line = this.#line(bottom); line <= this.#line(top); line++) {
      const [start, end] = [this.#starts[line * this.#side + from]!, this.#starts[line * this.#side + to + 1]!];
      for (let i = start; i < end; i++) look(this.#points[i]!);
    }
  }

  /** The row or column of the grid that a coordinate falls into; those beyond the edge belong to the outermost. */
  #line(coordinate: number): number {
    return Math.max(0, Math.min(this.#side - 1, Math.floor(((coordinate + 1) / 2) * this.#side)));
  }
}

function isInside(xs: Float64Array, ys: Float64Array, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    if (ys[i]! > y === ys[j]! > y) continue;
    if (x < ((xs[j]! - xs[i]!) * (y - ys[i]!)) / (ys[j]! - ys[i]!) + xs[i]!) inside = !inside;
  }
  return inside;
}
