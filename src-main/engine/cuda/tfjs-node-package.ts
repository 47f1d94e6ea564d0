import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGE = '@tensorflow/tfjs-node-gpu';

/** Environment variable that names the folder of a tfjs-node package built elsewhere; without it, the one npm installed is taken. */
export const PACKAGE_FOLDER = 'CELLPREDX_TFJS_NODE';

/** The package that joins tfjs to libtensorflow, and which of its native parts are there. */
export interface TfjsNodePackage {
  readonly folder: string;
  /** The module that Node loads was built for this system or fetched. */
  readonly hasBinding: boolean;
  /** libtensorflow lies where that module looks for it. */
  readonly hasLibrary: boolean;
}

/** The folder in which the module finds libtensorflow. */
export function libraryFolder(folder: string): string {
  return join(folder, 'deps', 'lib');
}

/** Looks for the package without loading anything of it; null where it is not installed. */
export function findTfjsNode(named = process.env[PACKAGE_FOLDER]): TfjsNodePackage | null {
  const folder = named ?? installedFolder();
  if (folder === null || !existsSync(join(folder, 'package.json'))) return null;
  const built = names(join(folder, 'lib')).some((name) => existsSync(join(folder, 'lib', name, 'tfjs_binding.node')));
  const library = names(libraryFolder(folder)).some((name) =>
    /^(lib)?tensorflow(_cc)?[.\d]*\.(so|dll|dylib)/.test(name),
  );
  return { folder, hasBinding: built, hasLibrary: library };
}

function installedFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
  } catch {
    return null; // npm leaves an optional package out where it cannot be installed
  }
}

function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
