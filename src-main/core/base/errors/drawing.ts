import type { ErrorEntries } from './entry.ts';

/** Charts that are to be written as files. */
export const drawingErrors = {
  'drawing.too-large': {
    says: (d: { width: number; height: number; dpi: number }) =>
      `The picture would have ${d.width} × ${d.height} pixels at ${d.dpi} dpi, more than can be drawn here.`,
    remedy: 'Choose fewer dpi, make the window smaller, or save it as SVG.',
  },
} as const satisfies ErrorEntries;
