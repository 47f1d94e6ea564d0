import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { AppError } from '#core/base/app-error';
import { scenarios } from '#core/data/scenario';
import { harmoniseWays } from '#core/data/harmonise-way';
import { engineChoices } from '#contract/annotation-request';
import { fileError } from '#formats/text/byte-blocks';

const name = z.string().trim().min(1);
const seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** A file by its path alone, or with how it is read; the names are those of the options of `annotate`. */
const StudyEntry = z.preprocess(
  (value) => (typeof value === 'string' ? { path: value } : value),
  z.strictObject({
    path: name,
    /** The matrix to read, e.g. raw/X. */
    matrix: name.optional(),
    /** A table with further columns. */
    labels: name.optional(),
    /** Repairs as `cellpredx inspect` names them. */
    repairs: z.array(name).default([]),
    barcodes: name.optional(),
    annotation: name.optional(),
    'minimum-fragments': z.int().min(1).optional(),
    peaks: name.optional(),
  }),
);
export type StudyEntry = z.output<typeof StudyEntry>;

const studies = z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(StudyEntry).min(1));

export const PairEntry = z.strictObject({
  name,
  /** Pairs of one study are the directions of one box; the pair's own name without it. */
  study: name.optional(),
  /** What the features are, where representations are compared. */
  representation: name.optional(),
  reference: studies,
  query: studies,
  'query-peaks': StudyEntry.optional(),
  harmonise: z.enum(['auto', ...harmoniseWays]).optional(),
  chain: name.optional(),
  label: name,
  /** Column of the query with the true labels; that of the reference without it. */
  truth: name.optional(),
  scenario: z.enum(['auto', ...scenarios]).default('auto'),
});
export type PairEntry = z.output<typeof PairEntry>;

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const MethodEntry = z.preprocess(
  (given) => (typeof given === 'string' ? { method: given } : given),
  z.strictObject({
    method: name,
    /** How it is called in tables and figures. */
    name: name.optional(),
    preset: name.default('recommended'),
    /** A GMT file, for a method that reads cells through gene sets. */
    'gene-sets': name.optional(),
    settings: z.record(z.string(), value).default({}),
    /** Whether further settings are tried first, as by `annotate --tune`. */
    tune: z.boolean().default(false),
    /** Settings with the values that are tried one by one; of several, every combination. */
    vary: z.record(z.string(), z.array(value).min(1)).optional(),
    /** The name of the method of which this one lacks a part. */
    ablates: name.optional(),
  }),
);
export type MethodEntry = z.output<typeof MethodEntry>;

const BenchmarkFile = z.strictObject({
  title: name.default('Benchmark'),
  /** The folder that paths of studies are read from, itself read from the folder of this file. */
  data: name.default('.'),
  pairs: z.array(PairEntry).min(1),
  methods: z.array(MethodEntry).min(1),
  seeds: z.array(seed).min(1).default([1234]),
  threshold: z.number().min(0).max(1).default(0.95),
  engine: z.enum(engineChoices).default('auto'),
  /** Whether each run also gets a map of its cells and figures. */
  figures: z.boolean().default(false),
});

/** A benchmark as its file describes it, with the folder of its studies. */
export interface Benchmark extends z.output<typeof BenchmarkFile> {
  readonly path: string;
  /** Absolute. */
  readonly folder: string;
}

/**
 * Reads a benchmark from a YAML file (of which JSON is a part).
 * @throws AppError `command.bad-benchmark-file` that names the key, what stands there and what it takes; `reading.*` where it
 * cannot be read
 */
export async function readBenchmarkFile(path: string): Promise<Benchmark> {
  const text = await readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw bad(path, `line ${line}, column ${col}`, `is no YAML: ${broken.message}`);
  }
  const content: unknown = document.toJS();
  const checked = BenchmarkFile.safeParse(content);
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    const key = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
    throw bad(path, keyText(key), reasonOf(issue, valueAt(content, key)));
  }
  const twice = (names: readonly string[]): string | undefined =>
    names.find((one, place) => names.indexOf(one) !== place);
  const pair = twice(checked.data.pairs.map((entry) => entry.name));
  if (pair !== undefined) throw bad(path, 'pairs', `has the name "${pair}" twice`);
  return { ...checked.data, path, folder: resolve(dirname(path), checked.data.data) };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, path) ?? error;
  }
}

/** What is wrong with a benchmark file, at which key. */
export function bad(path: string, key: string, reason: string): AppError {
  return new AppError('command.bad-benchmark-file', { file: basename(path), key, reason });
}

/** `pairs[0].label` */
export function keyText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'the file';
}

function reasonOf(issue: z.core.$ZodIssue, found: unknown): string {
  const takes = issue.message.replace(/^Invalid (input|option): /, '');
  if (issue.code === 'unrecognized_keys') return 'is no key that is known there';
  if (found === undefined) return `is missing (${takes})`;
  return `is ${JSON.stringify(found)}; ${takes}`;
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((at, part) => (at as Record<PropertyKey, unknown> | null | undefined)?.[part], content);
}
