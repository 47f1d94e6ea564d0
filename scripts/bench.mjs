#!/usr/bin/env node
// `npm run bench`: prints benchmarks of bench/, one table each, in a few minutes; `npm run bench -- step` prints one,
// `npm run bench -- --help` names them all.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, root, runNode } from './lib/setup.mjs';

/** What runs without a name, in this order; the others take long or need data. */
const quick = ['kernels', 'step', 'interpreter', 'stages', 'memory', 'compare'];

const wanted = process.argv.slice(2);
const all = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
if (wanted.some((word) => ['--help', '-h', 'help'].includes(word))) {
  console.log(`npm run bench            runs ${quick.join(', ')}\nnpm run bench -- NAME…   runs these:\n`);
  for (const name of all) console.log(`${commentOf(name)}\n`);
  process.exit(0);
}
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `error[command.unknown-benchmark]: There is no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}.\n` +
      'remedy: `npm run bench -- --help` says what each of them measures.\n',
  );
  process.exit(2);
}
ensureReady();
for (const name of wanted.length > 0 ? wanted : quick) {
  console.log(`\n— ${name} —`);
  const code = await runNode([join('bench', `${name}.ts`)]);
  if (code !== 0) process.exitCode = code;
}

/** The name of a benchmark and the comment at its head: what it measures and how it is asked for. */
function commentOf(name) {
  const [, comment] = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync(join(root, 'bench', `${name}.ts`), 'utf8')) ?? [];
  const lines = (comment ?? '').split('\n').map((line) => line.replace(/^\s*\* ?/, '  ').trimEnd());
  return `${name}\n${lines.join('\n').trim().replace(/^/, '  ')}`;
}
