import type { Services } from '#handlers/services';
import { pathGuard } from '#handlers/path-guard';

/** Services that answer nothing unless a test gives the part it needs. */
export async function standInServices(parts: Partial<Services> = {}): Promise<Services> {
  return {
    about: {
      version: '1.2.3',
      front: 'browser',
      platform: 'linux',
      threads: 2,
      memoryBytes: 2 ** 30,
      projectDirectory: '/projects',
    },
    paths: await pathGuard(null),
    dialogs: null,
    arrivals: null,
    notices: null,
    sample: { title: 'Sample', request: { reference: [{ path: 'r' }], query: [{ path: 'q' }], label: 'label' } },
    studies: missing('studies'),
    methods: missing('methods'),
    projects: missing('projects'),
    runs: missing('runs'),
    results: missing('results'),
    storage: missing('storage'),
    ...parts,
  };
}

/** An object whose every function throws, so that a call nobody prepared is seen. */
export function missing<T extends object>(name: string, given: Partial<T> = {}): T {
  return new Proxy(given, {
    get(target, key) {
      if (key in target) return target[key as keyof T];
      return () => {
        throw new Error(`${name}.${String(key)} was called and is not part of this test`);
      };
    },
  }) as T;
}
