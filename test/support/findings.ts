import { createHash } from 'node:crypto';
import type { FinishedRun } from '#compute/run-annotation';
import type { RunHooks } from '#compute/run-hooks';

/** Hooks of a run that nobody watches. */
export function quietHooks(more: Partial<RunHooks> = {}): RunHooks {
  const nothing = (): void => undefined;
  return {
    signal: new AbortController().signal,
    stage: nothing,
    engine: nothing,
    step: nothing,
    checkpoints: undefined,
    ...more,
  };
}

/** Hashes of all that a run found, without what differs from run to run. */
export function findings({ arrays, documents, summary }: FinishedRun): Record<string, string> {
  const { timings, peak_rss_bytes, ...same } = summary;
  if (timings === undefined || peak_rss_bytes === undefined) throw new Error('a run without timings or peak memory');
  const hash = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  return Object.fromEntries([
    ...Object.entries(arrays).map(([name, { values }]) => [
      name,
      hash(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    ]),
    ...Object.entries({ ...documents, same }).map(([name, document]) => [name, hash(JSON.stringify(document))]),
  ]) as Record<string, string>;
}
