import type { MenuItemConstructorOptions } from 'electron';
import { commands, type CommandId } from '#contract/commands';
import type { RecentProject } from '#contract/files';

export interface MenuActions {
  readonly command: (id: CommandId) => void;
  /** Asks for a project folder and opens it. */
  readonly chooseProject: () => void;
  readonly openProject: (path: string) => void;
  readonly showProjects: () => void;
  readonly openLink: (url: string) => void;
}

/** Where CellPredX was published, and the application's own page. */
export const helpLinks = {
  paper: 'https://doi.org/10.1371/journal.pcbi.1013824',
  code: 'https://github.com/BioCS-Lab/CellPredX',
} as const;

/** Projects in the menu: as many as can be taken in at a glance. */
const recentShown = 10;

/** The menu: File, Edit, View and Help, with the application's own menu first on macOS. */
export function menuTemplate(
  platform: NodeJS.Platform,
  actions: MenuActions,
  { developer, recent }: { readonly developer: boolean; readonly recent: readonly RecentProject[] },
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const item = (id: CommandId): MenuItemConstructorOptions => {
    const { title, menuKeys } = commands.find((command) => command.id === id)!;
    const run = id === 'open-project' ? actions.chooseProject : () => actions.command(id);
    const label = id === 'open-project' ? 'Open a Project …' : title;
    return { label, accelerator: menuKeys, click: run };
  };
  const present = recent.filter((project) => project.present).slice(0, recentShown);
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('new-annotation'),
        item('open-project'),
        {
          label: 'Recent Projects',
          enabled: present.length > 0,
          submenu: present.map(({ name, path }) => ({ label: name, click: () => actions.openProject(path) })),
        },
        item('home'),
        { label: 'Show Projects Folder', click: actions.showProjects },
        { type: 'separator' },
        item('settings'),
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('engines'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(developer ? [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      role: 'help',
      submenu: [
        item('help'),
        item('keyboard'),
        { type: 'separator' },
        { label: 'The CellPredX Paper', click: () => actions.openLink(helpLinks.paper) },
        { label: "The Authors' Code", click: () => actions.openLink(helpLinks.code) },
        ...(mac ? [] : [{ type: 'separator' } as const, { role: 'about' } as const]),
      ],
    },
  ];
}
