import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder `resources/NAME` that is shipped: beside the sources, beside the bundle, or in the installed application. */
export function resourceFolder(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const found = join(folder, 'resources', name);
    if (existsSync(found)) return found;
    const above = dirname(folder);
    if (above === folder) throw new Error(`no resources/${name} above ${fileURLToPath(import.meta.url)}`);
    folder = above;
  }
}
