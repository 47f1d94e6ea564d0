import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real studies lie beside a developer's checkout, not in it; tests that read them skip, saying so, where they are absent. */
const root = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

export const hasSharedData = existsSync(root);

/** Absolute path of a file of the development data, e.g. `sharedData('pbmc-10x/pbmc3k.h5ad')`. */
export function sharedData(path: string): string {
  return root + path;
}
