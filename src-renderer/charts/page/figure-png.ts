import type { FigureData } from '#core/figures/figure-data';
import { figureSvg } from '../figure-svg.ts';

/** Pixels of a picture file at most on a side: more are refused by browsers. */
const largest = 16_000;

/**
 * A figure as a PNG file: its SVG, drawn with as many dots per inch as asked for (fewer where the picture would have more than 16 000
 * on a side).
 */
export async function figurePng(figure: FigureData, dpi: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([figureSvg(figure)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(dpi / 96, largest / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob === null ? reject(new Error('The picture could not be made.')) : resolve(blob))),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}
