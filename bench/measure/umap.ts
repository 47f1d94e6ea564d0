import { Random } from '#core/base/random';
import { createScranLayout } from '#engine/layout/scran-layout';
import { answer } from '../support/own-process.ts';

export interface UmapCase {
  readonly cells: number;
}

export interface UmapTime {
  readonly seconds: number;
  /** Cells that were laid out; the others were put among them. */
  readonly drawn: number;
}

const WIDTH = 64;
const GROUPS = 20;

/** Time of the map of so many cells in twenty groups, embedding width 64, settings of the application. */
export async function umapTime({ cells }: UmapCase): Promise<UmapTime> {
  const random = new Random(3);
  const centres = Float32Array.from({ length: GROUPS * WIDTH }, () => random.normal());
  const values = new Float32Array(cells * WIDTH);
  for (let i = 0; i < values.length; i++) {
    const group = Math.floor(i / WIDTH) % GROUPS;
    values[i] = centres[group * WIDTH + (i % WIDTH)]! + 0.5 * random.normal();
  }
  const layout = createScranLayout();
  const start = performance.now();
  const { sketch } = await layout.umap(values, WIDTH, { seed: 1 });
  const seconds = (performance.now() - start) / 1000;
  await layout.close();
  return { seconds, drawn: sketch?.length ?? cells };
}

if (import.meta.main) await answer(umapTime);
