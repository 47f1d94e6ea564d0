#!/usr/bin/env node
// `npm run bench`: prints the benchmarks of bench/, one table each; `npm run bench -- step` runs one.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, root, runNode } from './lib/setup.mjs';

ensureReady();
const wanted = process.argv.slice(2);
const all = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `error[command.unknown-benchmark]: There is no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}.\n`,
  );
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : all) {
  const code = await runNode([join('bench', `${name}.ts`)]);
  if (code !== 0) process.exitCode = code;
}
