import { resolve } from 'node:path';
import { AppError } from '#core/base/app-error';

/**
 * The path that a person typed, read from the folder where they are. An empty one, which a shell makes of a variable that is
 * not set, would mean that folder itself and is refused with `command.bad-value`.
 */
export function pathArgument(option: string, text: string): string {
  if (text.trim() !== '') return resolve(text);
  throw new AppError('command.bad-value', { option, value: `"${text}"`, allowed: 'the path of a file or folder' });
}
