import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Cancelled } from '#core/base/cancel';
import type { AnnotationRequest, StudyChoice } from '#contract/annotation-request';
import type { RunInput } from './run-record.ts';

/** Hashes of files by path, size and time of change (milliseconds since 1970), so that a large file is read for it once. */
export interface KnownHashes {
  knownHash(path: string, sizeBytes: number, modifiedAt: number): string | undefined;
  keepHash(file: { path: string; sha256: string; sizeBytes: number; modifiedAt: number }): void;
}

/** The part of a request that names files. */
type NamedFiles = Pick<AnnotationRequest, 'reference' | 'query' | 'queryPeaks' | 'geneSets' | 'chain'> & {
  readonly model?: string;
};

/** Every file that went into a run, with its size and SHA-256. A folder counts as its files, in the order of their names. */
export async function hashInputs(request: NamedFiles, signal: AbortSignal, known?: KnownHashes): Promise<RunInput[]> {
  const named: [RunInput['role'], StudyChoice][] = [
    ...request.reference.map((choice): [RunInput['role'], StudyChoice] => ['reference', choice]),
    ...request.query.map((choice): [RunInput['role'], StudyChoice] => ['query', choice]),
    ...(request.queryPeaks === undefined
      ? []
      : [['query-peaks', request.queryPeaks] as [RunInput['role'], StudyChoice]]),
  ];
  const inputs: RunInput[] = [];
  for (const [role, choice] of named) {
    inputs.push(...(await hashPath(role, choice.path, signal, known)));
    if (choice.labelsFile !== undefined) inputs.push(...(await hashPath('labels', choice.labelsFile, signal, known)));
    for (const [part, path] of chromatinFiles(choice)) inputs.push(...(await hashPath(part, path, signal, known)));
  }
  if (request.geneSets !== undefined) inputs.push(...(await hashPath('gene-sets', request.geneSets, signal, known)));
  if (request.chain !== undefined) inputs.push(...(await hashPath('chain', request.chain, signal, known)));
  if (request.model !== undefined) inputs.push(...(await hashPath('model', request.model, signal, known)));
  return inputs;
}

/** The files that say how fragments and peaks are counted. An annotation that is no file is the name of a build. */
export function chromatinFiles({ chromatin }: StudyChoice): [RunInput['role'], string][] {
  const { barcodes, annotation, peaks } = chromatin ?? {};
  const files: [RunInput['role'], string][] = [];
  if (barcodes !== undefined) files.push(['barcodes', barcodes]);
  if (annotation !== undefined && statSync(annotation, { throwIfNoEntry: false })?.isFile() === true) {
    files.push(['annotation', annotation]);
  }
  if (peaks !== undefined) files.push(['peaks', peaks]);
  return files;
}

async function hashPath(
  role: RunInput['role'],
  path: string,
  signal: AbortSignal,
  known: KnownHashes | undefined,
): Promise<RunInput[]> {
  const facts = await stat(path);
  if (!facts.isDirectory()) {
    const file = { path, sizeBytes: facts.size, modifiedAt: Math.round(facts.mtimeMs) };
    const kept = known?.knownHash(path, file.sizeBytes, file.modifiedAt);
    const hash = kept ?? (await sha256(path, signal));
    if (kept === undefined) known?.keepHash({ ...file, sha256: hash });
    return [{ role, path, bytes: facts.size, sha256: hash }];
  }
  const inputs: RunInput[] = [];
  for (const entry of (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isFile()) inputs.push(...(await hashPath(role, join(path, entry.name), signal, known)));
  }
  return inputs;
}

async function sha256(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (signal.aborted) throw new Cancelled();
    hash.update(block as Buffer);
  }
  return hash.digest('hex');
}
