import { AppError } from '#core/base/app-error';
import { type ChartFile, PX_PER_INCH, RASTER_DPI, tableCsv } from '../export/chart-file.ts';
import { withResolution } from '../export/png-resolution.ts';

export type ChartFormat = { readonly kind: 'svg' | 'csv' } | { readonly kind: 'png'; readonly dpi: number };

/** A canvas with more pixels than this cannot be had in every browser. */
const MOST_PIXELS = 2 ** 27;
const LONGEST = 16_384;

/** Writes a chart as a file into the folder for downloads (on the desktop, where a person says). */
export async function saveChart(chart: ChartFile, format: ChartFormat): Promise<void> {
  const name = chart.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '');
  if (format.kind === 'png') {
    const png = await pngOf(await chart.svg(format.dpi / PX_PER_INCH), format.dpi);
    download(new Blob([png], { type: 'image/png' }), `${name}.png`);
  } else if (format.kind === 'svg') {
    download(new Blob([await chart.svg(RASTER_DPI / PX_PER_INCH)], { type: 'image/svg+xml' }), `${name}.svg`);
  } else {
    download(new Blob([tableCsv(await chart.table())], { type: 'text/csv' }), `${name}.csv`);
  }
}

/** The picture at a resolution: letters and lines are drawn for it, not enlarged. */
async function pngOf(svg: string, dpi: number): Promise<Uint8Array<ArrayBuffer>> {
  const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []).map(Number);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round((width * dpi) / PX_PER_INCH);
  canvas.height = Math.round((height * dpi) / PX_PER_INCH);
  if (canvas.width * canvas.height > MOST_PIXELS || Math.max(canvas.width, canvas.height) > LONGEST)
    throw new AppError('drawing.too-large', { width: canvas.width, height: canvas.height, dpi });
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(address);
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob === null) throw new AppError('drawing.too-large', { width: canvas.width, height: canvas.height, dpi });
  return withResolution(new Uint8Array(await blob.arrayBuffer()), dpi);
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser may still be reading it
}
