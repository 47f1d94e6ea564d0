import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '#core/base/app-error';
import { methodById } from '#core/methods/list';
import { resolveSettings } from '#core/methods/resolve-settings';
import { canTune } from '#core/methods/tuning/tune';
import type { Method } from '#core/train/method';
import { AnnotationRequest, type AnnotationRequestInput, StudyChoice } from '#contract/annotation-request';
import { parseRepair } from '#formats/inspect/parse-repair';
import { type Benchmark, bad, type MethodEntry, type PairEntry, type StudyEntry } from './benchmark-file.ts';

type Value = number | string | boolean | null;

/** A method with its settings, as it is named in tables. */
export interface Variant {
  readonly name: string;
  readonly methodId: string;
  readonly preset: string;
  /** Absolute path of a library of gene sets. */
  readonly geneSets?: string;
  readonly settings: Readonly<Record<string, Value>>;
  readonly tune: boolean;
  readonly varied: Readonly<Record<string, Value>> | null;
  readonly ablates: string | null;
}

/** One run of a benchmark. */
export interface Combination {
  readonly pair: PairEntry;
  readonly variant: Variant;
  readonly seed: number;
  readonly request: AnnotationRequest;
}

/** A method that is not made for a pair's scenario: left out, and told. */
export interface LeftOut {
  readonly pair: string;
  readonly method: string;
  readonly reason: string;
}

/**
 * Every run of a benchmark, pair by pair, seed by seed, method by method, so that early results compare all methods.
 * @throws AppError `command.bad-benchmark-file` for a method, preset or setting that does not exist, with its key
 */
export function combinationsOf(benchmark: Benchmark): { combinations: Combination[]; leftOut: LeftOut[] } {
  const variants = variantsOf(benchmark);
  const leftOut: LeftOut[] = [];
  const combinations = benchmark.pairs.flatMap((pair, place) => {
    const offered = variants.filter(({ name, methodId }) => {
      const method = methodById(methodId);
      const { scenario } = pair;
      if (scenario === 'auto' || method.scenarios.includes(scenario)) return true;
      const because = method.limits === undefined ? '' : `, because ${method.limits}`;
      leftOut.push({ pair: pair.name, method: name, reason: `${method.title} is not made for ${scenario}${because}` });
      return false;
    });
    return benchmark.seeds.flatMap((seed) =>
      offered.map((variant) => ({ pair, variant, seed, request: requestOf(benchmark, pair, place, variant, seed) })),
    );
  });
  return { combinations, leftOut };
}

/** The methods of the file with their varied settings written out. */
export function variantsOf(benchmark: Benchmark): Variant[] {
  const variants = benchmark.methods.flatMap((entry, place) => {
    const key = `methods[${place}]`;
    const method = attempt(benchmark.path, `${key}.method`, () => methodById(entry.method));
    const title = entry.name ?? method.title;
    return grid(entry.vary ?? {}).map((varied): Variant => {
      const settings = { ...entry.settings, ...varied };
      const resolved = (own: Readonly<Record<string, Value>>) => () =>
        resolveSettings(method, method.scenarios[0]!, entry.preset, own);
      attempt(benchmark.path, `${key}.preset`, resolved({}));
      attempt(benchmark.path, `${key}.settings`, resolved(entry.settings));
      attempt(benchmark.path, `${key}.vary`, resolved(settings));
      attempt(benchmark.path, `${key}.tune`, () => checkTune(method, entry.tune));
      const names = Object.entries(varied).map(([name, value]) => `${name} ${String(value)}`);
      return {
        name: names.length === 0 ? title : `${title} (${names.join(', ')})`,
        methodId: entry.method,
        preset: entry.preset,
        ...(entry['gene-sets'] === undefined ? {} : { geneSets: resolve(benchmark.folder, entry['gene-sets']) }),
        settings,
        tune: entry.tune,
        varied: names.length === 0 ? null : varied,
        ablates: entry.ablates ?? null,
      };
    });
  });
  checkNames(benchmark, variants);
  return variants;
}

/** @throws AppError where a method is to be tuned that has nothing to tune */
function checkTune(method: Method, tune: boolean): void {
  if (tune && !canTune(method)) throw new AppError('training.nothing-to-tune', { method: method.title });
}

function checkNames({ path, methods }: Benchmark, variants: readonly Variant[]): void {
  const names = variants.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw bad(path, 'methods', `has the name "${twice}" twice; give one of them a \`name\``);
  methods.forEach(({ ablates }: MethodEntry, place) => {
    if (ablates === undefined || names.includes(ablates)) return;
    throw bad(path, `methods[${place}].ablates`, `is "${ablates}", and the methods are ${names.join(', ')}`);
  });
}

/** Every combination of the values; one empty one of none. */
function grid(vary: Readonly<Record<string, readonly Value[]>>): Record<string, Value>[] {
  return Object.entries(vary).reduce<Record<string, Value>[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

function requestOf(
  benchmark: Benchmark,
  pair: PairEntry,
  place: number,
  { methodId, preset, settings, tune, geneSets }: Variant,
  seed: number,
): AnnotationRequest {
  const { folder, threshold, engine, figures } = benchmark;
  const choices = (side: 'reference' | 'query'): StudyChoice[] =>
    pair[side].map((entry) => choiceOf(benchmark, `pairs[${place}].${side}`, entry));
  const peaks = pair['query-peaks'];
  const request: AnnotationRequestInput = {
    reference: choices('reference'),
    query: choices('query'),
    ...(peaks === undefined ? {} : { queryPeaks: choiceOf(benchmark, `pairs[${place}].query-peaks`, peaks) }),
    ...(pair.harmonise === undefined ? {} : { harmonise: pair.harmonise }),
    ...(pair.chain === undefined ? {} : { chain: resolve(folder, pair.chain) }),
    label: pair.label,
    truth: pair.truth ?? pair.label,
    scenario: pair.scenario,
    method: methodId,
    ...(geneSets === undefined ? {} : { geneSets }),
    ...{ preset, settings, tune, seed, engine, threshold, figures },
  };
  return AnnotationRequest.parse(request);
}

function choiceOf({ path, folder }: Benchmark, key: string, entry: StudyEntry): StudyChoice {
  const repairs = entry.repairs.map((text, i) => attempt(path, `${key}.repairs[${i}]`, () => parseRepair(text)));
  const file = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : resolve(folder, name);
  const chromatin = {
    barcodes: file(entry.barcodes),
    annotation: isFile(file(entry.annotation)) ? file(entry.annotation) : entry.annotation, // or the name of a build
    minimumFragments: entry['minimum-fragments'],
    peaks: file(entry.peaks),
  };
  return StudyChoice.parse({
    path: resolve(folder, entry.path),
    repairs: entry.matrix === undefined ? repairs : [{ kind: 'use-matrix', slot: entry.matrix }, ...repairs],
    ...(entry.labels === undefined ? {} : { labelsFile: file(entry.labels) }),
    ...(Object.values(chromatin).some((value) => value !== undefined) ? { chromatin } : {}),
  });
}

function isFile(path: string | undefined): boolean {
  return path !== undefined && existsSync(path);
}

/** What a check of ours says, with the key of the file it is about. */
function attempt<T>(path: string, key: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) throw bad(path, key, error.message.replace(/\.$/, ''));
    throw error;
  }
}
