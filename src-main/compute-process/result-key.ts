import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnnotationRequest } from '#contract/annotation-request';
import type { RunInput } from './run-record.ts';

/**
 * The hash under which a result is stored: equal inputs, request and code give an equal key. Where the files lie does
 * not count, what they hold and what they are called does.
 */
export function resultKey(
  request: AnnotationRequest,
  inputs: readonly Pick<RunInput, 'role' | 'path' | 'sha256'>[],
  code: string,
): string {
  const files = inputs.map(({ role, path, sha256 }) => [role, basename(path), sha256]);
  const asked = sorted(request, (key, value) => (isPath(key) && typeof value === 'string' ? basename(value) : value));
  return createHash('sha256')
    .update(JSON.stringify([files, asked, code]))
    .digest('hex');
}

/** Hash of the program that computes: any change of its code may change a result. */
export function codeVersion(): string {
  const here = fileURLToPath(import.meta.url);
  const root = here.endsWith('.ts') ? dirname(dirname(here)) : dirname(here);
  const hash = createHash('sha256');
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!statSync(join(root, path)).isFile()) continue;
    hash.update(path);
    hash.update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function isPath(key: string): boolean {
  return key === 'path' || key === 'labelsFile';
}

/** A JSON value with the keys of every object in code-point order. */
function sorted(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(change(key, item), change)]));
}
