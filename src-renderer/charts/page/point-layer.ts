import { createBufferInfoFromArrays, createProgramInfo, createTexture, drawBufferInfo } from 'twgl.js';
import { setAttribInfoBufferFromArray, setBuffersAndAttributes, setUniforms, type BufferInfo } from 'twgl.js';
import type { MapCamera, MapSize } from '../point-map/map-camera.ts';
import { drawingOrder, type MapPoints, paletteBytes } from '../point-map/map-points.ts';

/** Points lie behind each other by look, then, where high values shall be seen, by colour: no sorting, any order of drawing. */
const vertex = `#version 300 es
in vec2 place;
in vec2 look;
uniform vec4 view;
uniform float size;
uniform float chosenSize;
uniform bool highOnTop;
uniform vec3 fade;
uniform sampler2D palette;
flat out vec3 colour;
void main() {
  float stand = look.y;
  float depth = highOnTop ? look.x / 256.0 : 0.5;
  gl_Position = vec4(place * view.xy + view.zw, 0.9 - 0.4 * (stand + depth) , 1.0);
  if (stand < 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = stand > 2.5 ? chosenSize : size;
  colour = texelFetch(palette, ivec2(int(look.x), 0), 0).rgb;
  if (stand < 1.5) colour = fade;
}`;
const fragment = `#version 300 es
precision mediump float;
flat in vec3 colour;
uniform bool round;
uniform float softness;
out vec4 shown;
void main() {
  float alpha = 1.0;
  if (round) {
    alpha = smoothstep(0.5, 0.5 - softness, length(gl_PointCoord - 0.5));
    if (alpha < 0.06) discard;
  }
  shown = vec4(colour, alpha);
}`;

/** Red, green and blue, 0 … 1. */
export type Colour = readonly [number, number, number];

/** Colours that are not those of the points themselves. */
export interface MapStyle {
  readonly background: Colour;
  /** Of points that are faded. */
  readonly faded: Colour;
}

/**
 * The points of a map on a WebGL 2 canvas. Nothing is drawn unless `draw` is called; what was drawn stays until `clear`,
 * so that a picture can be put together piece by piece.
 */
export class PointLayer {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: ReturnType<typeof createProgramInfo>;
  readonly #palette: WebGLTexture;
  #buffers: BufferInfo | null = null;
  #order = new Uint32Array();
  #scratch = new Uint8Array();
  #points: MapPoints | null = null;
  #fence: WebGLSync | null = null;

  /** @throws Error where the shaders are refused, with the words of the driver */
  constructor(gl: WebGL2RenderingContext) {
    const refused: string[] = [];
    this.#gl = gl;
    this.#program = createProgramInfo(gl, [vertex, fragment], (words: string) => void refused.push(words));
    if (refused.length > 0) throw new Error(`PointLayer: ${refused.join('\n')}`);
    const { NEAREST, CLAMP_TO_EDGE, RGBA } = gl;
    const [width, height] = [256, 1];
    const src = paletteBytes([]);
    this.#palette = createTexture(gl, {
      width,
      height,
      src,
      min: NEAREST,
      mag: NEAREST,
      wrap: CLAMP_TO_EDGE,
      format: RGBA,
    });
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.enable(gl.BLEND); // for the edges of round points only
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
  }

  get count(): number {
    return this.#order.length;
  }

  /** Takes new points, or new colours and looks for the same places; only what differs crosses to the card. */
  show(points: MapPoints, seed: number): void {
    const before = this.#points;
    this.#points = points;
    const count = points.places.length / 2;
    const moved = before?.places !== points.places;
    if (moved) {
      this.#order = drawingOrder(count, seed);
      this.#scratch = new Uint8Array(2 * count);
    }
    for (let i = 0; i < count; i++) {
      const point = this.#order[i]!;
      this.#scratch[2 * i] = points.colours[point]!;
      this.#scratch[2 * i + 1] = points.looks[point]!;
    }
    if (moved || this.#buffers === null) this.#upload(points);
    else setAttribInfoBufferFromArray(this.#gl, this.#buffers.attribs!['look']!, this.#scratch);
    if (before?.palette !== points.palette) {
      const gl = this.#gl;
      gl.bindTexture(gl.TEXTURE_2D, this.#palette);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, 1, gl.RGBA, gl.UNSIGNED_BYTE, paletteBytes(points.palette));
    }
  }

  /** Empties the canvas. */
  clear(style: MapStyle): void {
    const [red, green, blue] = style.background;
    this.#gl.viewport(0, 0, this.#gl.drawingBufferWidth, this.#gl.drawingBufferHeight);
    this.#gl.clearColor(red, green, blue, 1);
    this.#gl.clear(this.#gl.COLOR_BUFFER_BIT | this.#gl.DEPTH_BUFFER_BIT);
  }

  /** Draws points `from` … `to`−1 of the drawing order over what is there. */
  draw(from: number, to: number, camera: MapCamera, size: MapSize, ratio: number, style: MapStyle): void {
    if (this.#buffers === null || this.#points === null || to <= from) return;
    const gl = this.#gl;
    const dot = ratio * pointSize(this.count, camera, size);
    const [sx, sy] = [(2 * camera.scale) / size.width, (2 * camera.scale) / size.height];
    gl.useProgram(this.#program.program);
    setBuffersAndAttributes(gl, this.#program, this.#buffers);
    setUniforms(this.#program, {
      view: [sx, sy, -camera.x * sx, -camera.y * sy],
      size: dot,
      chosenSize: dot * 1.25 + ratio,
      round: dot > 3,
      softness: 1 / Math.max(2, dot),
      highOnTop: this.#points.highOnTop,
      fade: [...style.faded],
      palette: this.#palette,
    });
    drawBufferInfo(gl, this.#buffers, gl.POINTS, to - from, from);
    if (this.#fence !== null) gl.deleteSync(this.#fence);
    this.#fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  }

  /** Whether the card is still busy with what was drawn last. */
  get busy(): boolean {
    const gl = this.#gl;
    if (this.#fence === null || gl.isContextLost()) return false;
    if (gl.getSyncParameter(this.#fence, gl.SYNC_STATUS) !== gl.SIGNALED) return true;
    gl.deleteSync(this.#fence);
    this.#fence = null;
    return false;
  }

  #upload(points: MapPoints): void {
    const gl = this.#gl;
    for (const attribute of Object.values(this.#buffers?.attribs ?? {})) gl.deleteBuffer(attribute.buffer);
    const place = new Float32Array(points.places.length);
    this.#order.forEach((point, i) => {
      place[2 * i] = points.places[2 * point]!;
      place[2 * i + 1] = points.places[2 * point + 1]!;
    });
    this.#buffers = createBufferInfoFromArrays(gl, {
      place: { numComponents: 2, data: place },
      look: {
        numComponents: 2,
        data: this.#scratch,
        type: gl.UNSIGNED_BYTE,
        normalize: false,
        drawType: gl.DYNAMIC_DRAW,
      },
    });
  }
}

/** Diameter in CSS pixels: so that the points of an even map would just cover it, growing slowly with the zoom; 2 … 11. */
export function pointSize(points: number, camera: MapCamera, size: MapSize): number {
  const zoom = camera.scale / (Math.min(size.width, size.height) / 2);
  const even = Math.sqrt((size.width * size.height) / Math.max(1, points));
  return Math.min(11, Math.max(2, 0.36 * even) * Math.max(1, zoom) ** 0.4);
}
