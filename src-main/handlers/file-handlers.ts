import { AppError } from '#core/base/app-error';
import type { Handlers } from '#contract/requests';
import { browseFolder } from './browse-folder.ts';
import type { Services } from './services.ts';

type Group = 'system:about' | 'files:choose' | 'files:browse' | 'sample:paths';

/** What the application is, and finding files. */
export function fileHandlers({ about, dialogs, paths, sample }: Services): Pick<Handlers, Group> {
  return {
    'system:about': () => Promise.resolve(about),
    'files:choose': async ({ purpose }) => {
      if (dialogs === null) throw new AppError('request.no-dialog', undefined);
      return dialogs.choose(purpose);
    },
    'files:browse': ({ path }) => browseFolder(path, paths),
    'sample:paths': () => Promise.resolve(sample),
  };
}
