import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

/** Builds the page if it was not built before; `npm test` builds it afresh. */
export default function buildPage(): void {
  if (existsSync(join(root, 'out/renderer/index.html'))) return;
  const builder = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  execFileSync(process.execPath, [builder, 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
}
