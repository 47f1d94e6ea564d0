import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AnnotationRequest } from '#contract/annotation-request';
import { hashInputs, type KnownHashes } from '#compute/hash-inputs';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const never = new AbortController().signal;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Hashes kept in memory, with the paths that were read for them. */
function memoryHashes(): KnownHashes & { readonly read: string[] } {
  const hashes = new Map<string, string>();
  const read: string[] = [];
  return {
    read,
    knownHash: (...file) => hashes.get(JSON.stringify(file)),
    keepHash: ({ path, sizeBytes, modifiedAt, sha256: hash }) => {
      read.push(path);
      hashes.set(JSON.stringify([path, sizeBytes, modifiedAt]), hash);
    },
  };
}

test('hashes files, the files of a folder by name, and the labels file, with their roles', async () => {
  const folder = newFolder();
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  mkdirSync(join(folder, 'matrix'));
  const request = AnnotationRequest.parse({
    reference: [{ path: write('reference.h5ad', 'r'), labelsFile: write('labels.csv', 'l') }],
    query: [{ path: join(folder, 'matrix') }],
    label: 'x',
  });
  const genes = write('matrix/genes.tsv', 'g');
  const barcodes = write('matrix/barcodes.tsv', 'b');
  expect(await hashInputs(request, never)).toEqual([
    { role: 'reference', path: join(folder, 'reference.h5ad'), bytes: 1, sha256: sha256('r') },
    { role: 'labels', path: join(folder, 'labels.csv'), bytes: 1, sha256: sha256('l') },
    { role: 'query', path: barcodes, bytes: 1, sha256: sha256('b') },
    { role: 'query', path: genes, bytes: 1, sha256: sha256('g') },
  ]);
});

test('reads a file that has not changed only once', async () => {
  const folder = newFolder();
  const path = join(folder, 'a.h5ad');
  writeFileSync(path, 'one');
  const request = AnnotationRequest.parse({ reference: [{ path }], query: [{ path }], label: 'x' });
  const known = memoryHashes();
  const first = await hashInputs(request, never, known);
  expect(await hashInputs(request, never, known)).toEqual(first);
  expect(known.read).toEqual([path]);
  writeFileSync(path, 'longer');
  expect((await hashInputs(request, never, known))[0]!.sha256).toBe(sha256('longer'));
});

test('stops when it is cancelled', async () => {
  const path = join(newFolder(), 'a.h5ad');
  writeFileSync(path, 'x');
  const request = AnnotationRequest.parse({ reference: [{ path }], query: [{ path }], label: 'x' });
  await expect(hashInputs(request, AbortSignal.abort())).rejects.toThrow('Cancelled');
});

test('the files that say how fragments are counted go in with their roles; the name of a build is no file', async () => {
  const folder = newFolder();
  const write = (name: string): string => {
    writeFileSync(join(folder, name), name);
    return join(folder, name);
  };
  const request = AnnotationRequest.parse({
    reference: [{ path: write('a.tsv'), chromatin: { annotation: 'hg38' } }],
    query: [
      {
        path: write('b.tsv'),
        chromatin: { barcodes: write('cells.txt'), annotation: write('genes.gtf'), peaks: write('own.bed') },
      },
    ],
    queryPeaks: { path: write('peaks.bed') },
    chain: write('hg19ToHg38.chain'),
    label: 'x',
  });
  const inputs = await hashInputs(request, never);
  expect(inputs.map(({ role, path }) => [role, path.slice(folder.length + 1)])).toEqual([
    ['reference', 'a.tsv'],
    ['query', 'b.tsv'],
    ['barcodes', 'cells.txt'],
    ['annotation', 'genes.gtf'],
    ['peaks', 'own.bed'],
    ['query-peaks', 'peaks.bed'],
    ['chain', 'hg19ToHg38.chain'],
  ]);
  expect(inputs.find(({ role }) => role === 'chain')!.sha256).toBe(sha256('hg19ToHg38.chain'));
});
