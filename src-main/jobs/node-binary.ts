import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const program = process.platform === 'win32' ? 'node.exe' : 'node';

/**
 * The plain Node that runs compute processes, never Electron's: the one shipped beside the application, else the Node this
 * program runs in, else the one of the npm package `node`.
 */
export function nodeBinary(): string {
  const resources = 'resourcesPath' in process ? process.resourcesPath : undefined;
  const shipped = typeof resources === 'string' ? join(resources, 'node', program) : null;
  if (shipped !== null && existsSync(shipped)) return shipped;
  if (!('electron' in process.versions)) return process.execPath;
  return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', program);
}
