import {
  fittedCamera,
  type MapCamera,
  type MapPlace,
  type MapSize,
  panned,
  resized,
  toMap,
  zoomedAt,
} from '../point-map/map-camera.ts';
import { looks, type MapPoints } from '../point-map/map-points.ts';
import { type FrameClock, PiecewiseDrawing } from '../point-map/piecewise-drawing.ts';
import { PointIndex } from '../point-map/point-index.ts';
import { type Colour, type MapStyle, PointLayer, pointSize } from './point-layer.ts';
import { pointPicture } from './point-picture.ts';

/** Where the map stands now, for what is written over it. */
export interface MapView {
  readonly camera: MapCamera;
  readonly size: MapSize;
}

export interface PointMap {
  /** Takes points in place of those before, and draws anew; the part of the map that is shown stays. */
  show(points: MapPoints, seed: number): void;
  /** Everything in view. */
  fit(): void;
  /** Larger by a factor (smaller below 1) about a pixel of the box, without one about its middle. */
  zoom(factor: number, at?: MapPlace): void;
  pan(right: number, down: number): void;
  /** The point under a pixel of the box; −1 for none. */
  pointAt(at: MapPlace): number;
  /** Points within an outline in pixels of the box, rising. Hidden ones are not among them. */
  pointsWithin(outline: readonly MapPlace[]): Uint32Array;
  /** Where the map stands now. */
  view(): MapView;
  /** What is seen now with `ratio` pixels per CSS pixel (fewer where the card has no room for them): a PNG as an address of its own. */
  picture(ratio: number): string;
  /** For measuring: points drawn in one frame at present, and whether all are on the screen. */
  progress(): { readonly atOnce: number; readonly complete: boolean };
  dispose(): void;
}

const pageClock: FrameClock = {
  now: () => performance.now(),
  nextFrame: (call) => requestAnimationFrame(call),
  cancel: (frame) => cancelAnimationFrame(frame),
};

/** Pixels around a point in which the pointer finds it. */
const REACH = 7;
/** More device pixels than this per CSS pixel cost much and are not seen. */
const SHARPEST = 2;

/**
 * A map of points in an element, by WebGL 2, on the element's background and with faded points in its text colour; null where the page has none (it can be switched off, and old machines lack
 * it): the caller then draws another way. `onview` hears where the map stands, at once and whenever that changes.
 */
export function mountPointMap(box: HTMLElement, onview: (view: MapView) => void): PointMap | null {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'display:block;position:absolute;inset:0;width:100%;height:100%';
  const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, preserveDrawingBuffer: true });
  if (gl === null) return null;
  box.append(canvas);

  let layer = new PointLayer(gl);
  let shown: { readonly points: MapPoints; readonly seed: number } | null = null;
  let index: PointIndex | null = null;
  let size: MapSize = { width: 0, height: 0 };
  let camera: MapCamera = fittedCamera(size);
  let ratio = 1;
  let style = styleOf(box);
  const drawing = new PiecewiseDrawing(
    {
      get count() {
        return layer.count;
      },
      get busy() {
        return layer.busy;
      },
      clear: () => layer.clear((style = styleOf(box))),
      draw: (from, to) => layer.draw(from, to, camera, size, ratio, style),
    },
    pageClock,
  );

  function renew(moving: boolean): void {
    if (shown !== null && size.width > 0) drawing.renew(moving);
  }
  function moveTo(next: MapCamera): void {
    camera = next;
    onview({ camera, size });
    renew(true);
  }
  function measure(): void {
    const after = { width: box.clientWidth, height: box.clientHeight };
    ratio = Math.min(SHARPEST, window.devicePixelRatio || 1);
    camera = size.width === 0 ? fittedCamera(after) : resized(camera, size, after);
    size = after;
    canvas.width = Math.max(1, Math.round(size.width * ratio));
    canvas.height = Math.max(1, Math.round(size.height * ratio));
    onview({ camera, size });
    renew(false);
  }
  const watcher = new ResizeObserver(measure);
  watcher.observe(box);
  canvas.addEventListener('webglcontextlost', (event) => {
    event.preventDefault(); // without this it never comes back
    drawing.stop();
  });
  canvas.addEventListener('webglcontextrestored', () => {
    layer = new PointLayer(gl);
    if (shown !== null) layer.show(shown.points, shown.seed);
    renew(false);
  });

  /** Made when it is first needed: the pointer is not over the map while it is being drawn for the first time. */
  function found(): PointIndex | null {
    if (shown !== null) index ??= new PointIndex(shown.points.places);
    return index;
  }
  const isSeen = (point: number): boolean => shown!.points.looks[point] !== looks.hidden;

  return {
    show(points, seed) {
      if (shown?.points.places !== points.places) index = null;
      shown = { points, seed };
      layer.show(points, seed);
      renew(false);
    },
    fit: () => moveTo(fittedCamera(size)),
    zoom: (factor, at = { x: size.width / 2, y: size.height / 2 }) => moveTo(zoomedAt(camera, size, factor, at)),
    pan: (right, down) => moveTo(panned(camera, right, down)),
    pointAt(at) {
      const reach = Math.max(REACH, pointSize(layer.count, camera, size)) / camera.scale;
      return found()?.nearest(toMap(camera, size, at.x, at.y), reach, isSeen) ?? -1;
    },
    pointsWithin(outline) {
      const corners = outline.map((at) => toMap(camera, size, at.x, at.y));
      return found()?.within(corners, isSeen) ?? new Uint32Array();
    },
    view: () => ({ camera, size }),
    picture(wanted) {
      if (shown === null) throw new Error('picture: the map shows nothing yet');
      return pointPicture(shown.points, shown.seed, { camera, size, ratio: wanted, style: styleOf(box) });
    },
    progress: () => ({ atOnce: drawing.atOnce, complete: drawing.complete }),
    dispose() {
      drawing.stop();
      watcher.disconnect();
      canvas.remove();
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

/** The colours of the element as they are now: read when a picture begins, so that they follow the theme of the page. */
function styleOf(box: HTMLElement): MapStyle {
  const { backgroundColor, color } = getComputedStyle(box);
  return { background: colourOf(backgroundColor), faded: colourOf(color) };
}

/** From `rgb(23, 29, 28)`, the form in which a page gives its colours. */
function colourOf(text: string): Colour {
  const [red = 0, green = 0, blue = 0] = [...text.matchAll(/[\d.]+/g)].map(([part]) => Number(part) / 255);
  return [red, green, blue];
}
