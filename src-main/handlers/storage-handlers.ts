import type { Handlers } from '#contract/requests';
import type { Services } from './services.ts';

/** What projects take on the disk, and making room. */
export function storageHandlers({ paths, storage }: Services): Pick<Handlers, 'storage:list' | 'storage:clean'> {
  return {
    'storage:list': () => storage.list(),
    'storage:clean': async ({ projectPath, what, runIds }) => {
      await paths.writable(projectPath);
      return storage.clean(await paths.existing(projectPath), what, runIds);
    },
  };
}
