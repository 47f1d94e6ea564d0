/** What a person can do from everywhere: in the menu of the desktop window, and by keys in both fronts. */
export const commands = [
  { id: 'new-annotation', title: 'New annotation', keys: 'Alt+N', menuKeys: 'CmdOrCtrl+N' },
  { id: 'open-project', title: 'Open a project', keys: 'Alt+O', menuKeys: 'CmdOrCtrl+O' },
  { id: 'home', title: 'Projects', keys: 'Alt+H', menuKeys: 'CmdOrCtrl+Shift+H' },
  { id: 'settings', title: 'Settings', keys: 'Alt+S', menuKeys: 'CmdOrCtrl+,' },
  { id: 'engines', title: 'Engine doctor', keys: 'Alt+E', menuKeys: 'CmdOrCtrl+Shift+E' },
  { id: 'keyboard', title: 'Keyboard map', keys: 'Alt+K', menuKeys: 'CmdOrCtrl+/' },
  { id: 'help', title: 'User guide', keys: 'F1', menuKeys: 'F1' },
] as const;
export type CommandId = (typeof commands)[number]['id'];

/** What the desktop window is told to do: a command, or to open a project whose folder was given to the application. */
export type MenuCommand = { readonly command: CommandId } | { readonly openProject: string };

/** Keys as Electron writes them: `keys` work in the page, `menuKeys` in the menu of the desktop window. */
export interface Command {
  readonly id: CommandId;
  readonly title: string;
  readonly keys: string;
  readonly menuKeys: string;
}

/** The command whose keys in the page these are; undefined if none. `code` names the key by its place, whatever it types. */
export function commandOfKeys(event: {
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}): CommandId | undefined {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
  const pressed = `${event.altKey ? 'Alt+' : ''}${event.code.replace(/^Key/, '')}`;
  return commands.find((command) => command.keys === pressed)?.id;
}
