import { renameSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import { cannotWrite, openStaging, removeFolders, tryFolder } from '#compute/results-folder';
import { inspectStudy } from '#formats/inspect/inspect-study';
import { parseRepair } from '#formats/inspect/parse-repair';
import { preflightText } from '#formats/inspect/preflight-text';
import type { Repair, StudyChoice } from '#formats/inspect/repair';
import type { ParsedArguments } from './arguments.ts';
import { askWorkProcess } from './ask-work-process.ts';
import { cancellable } from './cancellable.ts';
import { pathArgument } from './path-argument.ts';

/** `cellpredx inspect`: the pre-flight findings of a file; with `--repair` and `--out` a repaired copy of it. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const slot = parsed.value('matrix');
  const labels = parsed.value('labels');
  const repairs: Repair[] = parsed.list('repair').map(parseRepair);
  if (slot !== undefined) repairs.unshift({ kind: 'use-matrix', slot });
  const choice = {
    path: pathArgument('FILE', parsed.positional[0]!),
    repairs,
    ...(labels === undefined ? {} : { labelsFile: pathArgument('--labels', labels) }),
  };
  const out = parsed.value('out');
  const target = out === undefined ? null : pathArgument('--out', out);
  if (target !== null) await checkTarget(target);

  const report = await inspectStudy(choice);
  process.stdout.write(parsed.flag('json') ? `${JSON.stringify(report, null, 2)}\n` : preflightText(report));
  if (report.chosenSlot === null) {
    throw new AppError('reading.no-matrix', { file: report.name, format: report.dialect });
  }
  if (target === null) return 0;
  const { cells, features } = await cancellable((signal) => writeCopy(choice, target, signal));
  process.stderr.write(`Wrote ${target}: ${cells} cells × ${features} features.\n`);
  return 0;
}

/** A copy goes to a place in a folder that exists and where nothing is yet. */
async function checkTarget(target: string): Promise<void> {
  if (await exists(target)) {
    throw new AppError('command.bad-value', {
      option: '--out',
      value: target,
      allowed: 'a file that does not exist yet',
    });
  }
  await tryFolder(dirname(target));
}

/** Writes the copy beside its place and puts it there when it is whole. */
async function writeCopy(
  choice: StudyChoice,
  target: string,
  signal: AbortSignal,
): Promise<{ cells: number; features: number }> {
  const { staging, made } = await openStaging(dirname(target));
  try {
    const draft = join(staging, basename(target));
    const written = await askWorkProcess({ kind: 'copy', choice, target: draft }, { signal });
    throwIfCancelled(signal);
    renameSync(draft, target);
    return written;
  } finally {
    rmSync(staging, { recursive: true, force: true });
    removeFolders(made);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw cannotWrite(path, error);
    },
  );
}
