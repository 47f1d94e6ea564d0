import { readdirSync, readlinkSync } from 'node:fs';
import { spillFolder } from '#formats/spill/spill-file';

/** Temporary files of rows that this process has not given back: by name, and on Linux also those that are open. */
export function openSpills(): string[] {
  const own = `cellpredx-rows-${process.pid}-`;
  const named = readdirSync(spillFolder()).filter((name) => name.startsWith(own));
  if (process.platform !== 'linux') return named;
  const open = readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`);
      return target.includes(own) ? [target] : [];
    } catch {
      return []; // the descriptor of the listing itself is closed by now
    }
  });
  return [...named, ...open];
}
