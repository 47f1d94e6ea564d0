import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  readonly showProjects: () => void;
  readonly openLink: (url: string) => void;
}

/** Where CellPredX was published, and the application's own page. */
export const helpLinks = {
  paper: 'https://doi.org/10.1371/journal.pcbi.1013824',
  code: 'https://github.com/BioCS-Lab/CellPredX',
} as const;

/** The menu: File, Edit, View and Help, with the application's own menu first on macOS. */
export function menuTemplate(
  platform: NodeJS.Platform,
  actions: MenuActions,
  { developer }: { readonly developer: boolean },
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Show Projects Folder', click: actions.showProjects },
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
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
        { label: 'The CellPredX Paper', click: () => actions.openLink(helpLinks.paper) },
        { label: "The Authors' Code", click: () => actions.openLink(helpLinks.code) },
        ...(mac ? [] : [{ type: 'separator' } as const, { role: 'about' } as const]),
      ],
    },
  ];
}
