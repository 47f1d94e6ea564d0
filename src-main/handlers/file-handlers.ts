import { AppError } from '#core/base/app-error';
import type { Handlers } from '#contract/requests';
import { browseFolder } from './browse-folder.ts';
import type { Services } from './services.ts';

type Group =
  'system:about' | 'files:choose' | 'files:browse' | 'files:announce' | 'sample:paths' | 'notices:get' | 'notices:set';

/** What the application is, and finding files. */
export function fileHandlers({ about, arrivals, dialogs, notices, paths, sample }: Services): Pick<Handlers, Group> {
  return {
    'system:about': () => Promise.resolve(about),
    'files:choose': async ({ purpose }) => {
      if (dialogs === null) throw new AppError('request.no-dialog', undefined);
      return dialogs.choose(purpose);
    },
    'files:browse': ({ path }) => browseFolder(path, paths),
    'files:announce': async (file) => {
      if (arrivals === null) throw new AppError('request.no-arrivals', { name: file.name });
      return arrivals.announce(file);
    },
    'sample:paths': () => Promise.resolve(sample),
    'notices:get': () => Promise.resolve({ on: notices?.get() ?? null }),
    'notices:set': ({ on }) => {
      notices?.set(on);
      return Promise.resolve({ on: notices?.get() ?? null });
    },
  };
}
