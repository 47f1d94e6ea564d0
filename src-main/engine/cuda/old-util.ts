import util from 'node:util';

/**
 * Gives `node:util` the two functions that tfjs-node 4.22 calls: Node has dropped `isNullOrUndefined` in version 23 and warns of
 * every use of `isArray`. Must run before the package loads. The package's own mend (tfjs PR 8425) was never published.
 */
export function restoreOldUtil(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
    isArray: (value: unknown): boolean => Array.isArray(value),
  });
}
