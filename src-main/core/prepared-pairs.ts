import type { AlignedPair } from './data/aligned-pair.ts';
import type { PipelineInput, PipelineServices } from './pipeline.ts';
import { alignPair } from './prepare/align-pair.ts';

/** The pair as it is prepared for settings; made once for all that ask for the same. */
export class PreparedPairs<Settings> {
  readonly #input: PipelineInput<Settings>;
  readonly #services: PipelineServices;
  readonly #made = new Map<string, AlignedPair>();

  constructor(input: PipelineInput<Settings>, services: PipelineServices) {
    this.#input = input;
    this.#services = services;
  }

  async for(settings: Settings, stage: 'prepare' | 'train'): Promise<AlignedPair> {
    const { method, scenario, seed, reference, query, queryPeaks, label } = this.#input;
    const { neighbours, products, rows, hooks, breathe } = this.#services;
    const choices = method.preparation(settings, scenario);
    const key = JSON.stringify(choices);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const pair = await alignPair({
      reference,
      query,
      ...(queryPeaks === undefined ? {} : { queryPeaks }),
      labelColumn: label,
      scenario,
      choices,
      seed,
      neighbours,
      products,
      store: rows,
      signal: hooks.signal,
      progress: (fraction, text) => {
        hooks.stage(stage, stage === 'prepare' ? fraction : 0, text);
        return breathe();
      },
    });
    this.#made.set(key, pair);
    return pair;
  }
}
