import type { Handlers } from '#contract/requests';
import type { Services } from './services.ts';

type Group =
  'project:create' | 'project:open' | 'project:recent' | 'project:glance' | 'project:import' | 'project:export';

/** Projects on disk. */
export function projectHandlers({ paths, projects }: Services): Pick<Handlers, Group> {
  return {
    'project:create': async ({ directory, name }) => projects.create(await paths.writable(directory), name),
    'project:open': async ({ path }) => projects.open(await openable(path)),
    'project:recent': () => projects.recent(),
    'project:glance': async ({ path }) => projects.glance(await paths.existing(path)),
    'project:import': async ({ archive, directory }) =>
      projects.import(await paths.existing(archive), await paths.writable(directory)),
    'project:export': async ({ path, directory }) =>
      projects.export(await paths.existing(path), await paths.writable(directory)),
  };

  /** A project is written to when it is opened, so it must lie where writing is allowed. */
  async function openable(path: string): Promise<string> {
    await paths.writable(path);
    return paths.existing(path);
  }
}
