import type { MapCamera, MapSize } from '../point-map/map-camera.ts';
import type { MapPoints } from '../point-map/map-points.ts';
import { type MapStyle, PointLayer } from './point-layer.ts';

/** Pixels that a context of its own can hold in the worst card in use. */
const MOST = 4096;

/**
 * The points of a map as they are seen, drawn afresh at another resolution: a PNG as a `data:` address. Where the card
 * cannot hold the pixels asked for, there are fewer of them.
 *
 * @param view where the map stands, and how many pixels make one CSS pixel
 */
export function pointPicture(
  points: MapPoints,
  seed: number,
  { camera, size, ratio, style }: { camera: MapCamera; size: MapSize; ratio: number; style: MapStyle },
): string {
  const canvas = document.createElement('canvas');
  const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, preserveDrawingBuffer: true });
  if (gl === null) throw new Error('pointPicture: the browser gave no second drawing context');
  try {
    const most = Math.max(MOST, Number(gl.getParameter(gl.MAX_RENDERBUFFER_SIZE)) / 2);
    const fits = Math.min(ratio, most / Math.max(size.width, size.height));
    canvas.width = Math.max(1, Math.round(size.width * fits));
    canvas.height = Math.max(1, Math.round(size.height * fits));
    const layer = new PointLayer(gl);
    layer.show(points, seed);
    layer.clear(style);
    layer.draw(0, layer.count, camera, size, fits, style);
    return canvas.toDataURL('image/png');
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
