import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '#core/base/app-error';

export interface HostOptions {
  /** Where projects go. */
  readonly projectDir: string;
  /** Folders whose files may be chosen; the project folder always belongs to them. */
  readonly roots: readonly string[];
  /** Null for a free one. */
  readonly port: number | null;
  readonly open: boolean;
}

export const hostHelp = `Opens CellPredX Studio in a browser on this computer.

  --project-dir DIR   folder for projects (default: CellPredX in the home folder)
  --root DIR          folder whose files may be chosen; may be repeated (default: the home folder)
  --port N            port on 127.0.0.1 (default: a free one)
  --open              open the page in the browser
  --help              this text

On a remote workstation: ssh -L 8080:127.0.0.1:8080 workstation, start it there with --port 8080, open its link here.
`;

/** The options of a command line. Throws `request.bad-option` for what is not one. */
export function hostOptions(words: readonly string[], home: string): HostOptions | 'help' {
  const { values } = parsed(words);
  if (values.help === true) return 'help';
  return {
    projectDir: values['project-dir'] ?? join(home, 'CellPredX'),
    roots: values.root ?? [home],
    port: values.port === undefined ? null : portOf(values.port),
    open: values.open === true,
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        'project-dir': { type: 'string' },
        root: { type: 'string', multiple: true },
        port: { type: 'string' },
        open: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    if (error instanceof TypeError) {
      throw new AppError('request.bad-option', { problem: error.message.split('. ')[0]! }, { cause: error });
    }
    throw error;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new AppError('request.bad-option', { problem: `--port ${text} is no whole number from 1 to 65535` });
  }
  return port;
}
