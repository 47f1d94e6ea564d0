/** Where the map stands: the place in its middle, and how many CSS pixels one unit of the map is long. Places lie in −1 … 1. */
export interface MapCamera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface MapSize {
  readonly width: number;
  readonly height: number;
}

export interface MapPlace {
  readonly x: number;
  readonly y: number;
}

/** Share of the shorter side that the whole map takes when it is fitted in. */
const FITTED = 0.94;
/** A cell may be looked at this many times larger than when everything is in view. */
const CLOSEST = 400;

/** Everything in view, in the middle. */
export function fittedCamera({ width, height }: MapSize): MapCamera {
  return { x: 0, y: 0, scale: Math.max(1, (Math.min(width, height) * FITTED) / 2) };
}

/** How much larger than when everything is in view; 1 is everything. */
export function zoomOf(camera: MapCamera, size: MapSize): number {
  return camera.scale / fittedCamera(size).scale;
}

/** Pixels from the upper left corner, y downwards. */
export function toScreen(camera: MapCamera, { width, height }: MapSize, x: number, y: number): MapPlace {
  return { x: width / 2 + (x - camera.x) * camera.scale, y: height / 2 - (y - camera.y) * camera.scale };
}

/** The place of the map under a pixel. */
export function toMap(camera: MapCamera, { width, height }: MapSize, x: number, y: number): MapPlace {
  return { x: camera.x + (x - width / 2) / camera.scale, y: camera.y - (y - height / 2) / camera.scale };
}

/** Moved by so many pixels; what is under the pointer stays under it. The middle never leaves the map. */
export function panned(camera: MapCamera, right: number, down: number): MapCamera {
  return {
    x: clamp(camera.x - right / camera.scale, -1, 1),
    y: clamp(camera.y + down / camera.scale, -1, 1),
    scale: camera.scale,
  };
}

/** Larger by a factor (smaller below 1) about a pixel, which keeps its place of the map as long as the limits allow it. */
export function zoomedAt(camera: MapCamera, size: MapSize, factor: number, at: MapPlace): MapCamera {
  const fitted = fittedCamera(size).scale;
  const scale = clamp(camera.scale * factor, fitted * 0.5, fitted * CLOSEST);
  const fixed = toMap(camera, size, at.x, at.y);
  return {
    x: clamp(fixed.x - (at.x - size.width / 2) / scale, -1, 1),
    y: clamp(fixed.y + (at.y - size.height / 2) / scale, -1, 1),
    scale,
  };
}

/** The same part of the map in a box of another size. */
export function resized(camera: MapCamera, before: MapSize, after: MapSize): MapCamera {
  return { ...camera, scale: fittedCamera(after).scale * zoomOf(camera, before) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
