import { dirname, join } from 'node:path';

/** Where the built application lies. */
export interface DesktopPlaces {
  readonly preload: string;
  readonly page: string;
  readonly icon: string;
  readonly resources: string;
  /** Entries of the processes that plain Node runs. */
  readonly computeEntry: string;
  readonly sideEntry: string;
}

/**
 * Places beside the built main file (`out/main/index.js`). An installed application lies in an archive that Electron
 * reads and plain Node does not; what plain Node runs or reads is beside it, unpacked.
 */
export function desktopPlaces(mainFile: string): DesktopPlaces {
  const out = dirname(dirname(mainFile));
  const root = dirname(out);
  const plain = (path: string): string => path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
  return {
    preload: join(out, 'preload', 'index.cjs'),
    page: join(out, 'renderer'),
    icon: join(root, 'resources', 'icons', 'icon.png'),
    resources: plain(join(root, 'resources')),
    computeEntry: plain(join(out, 'main', 'compute-process.js')),
    sideEntry: plain(join(out, 'main', 'inspect-process.js')),
  };
}
