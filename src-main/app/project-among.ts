import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The project folder among the words with which the application was started or started again, as a file manager gives it;
 * null where there is none. Words that begin with a dash are options of Electron's.
 *
 * @param words of the command line, the program first @param directory to which relative paths belong
 */
export function projectAmong(words: readonly string[], directory: string): string | null {
  for (const word of words.slice(1)) {
    if (word.startsWith('-') || !/\.cpx[\\/]?$/i.test(word)) continue;
    const path = resolve(directory, word);
    if (existsSync(join(path, 'project.sqlite'))) return path;
  }
  return null;
}
