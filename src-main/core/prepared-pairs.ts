import type { AlignedPair } from './data/aligned-pair.ts';
import type { PreparationChoices } from './data/preparation-choices.ts';
import type { PipelineInput, PipelineServices } from './pipeline.ts';
import { alignPair } from './prepare/align-pair.ts';

/** Neighbours of a query cell that tuning looks at where the method itself uses none; as many as CellPredX and Auto use. */
const JUDGED_BY = 10;

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
    const { scenario, seed, reference, query, queryPeaks, label } = this.#input;
    const { neighbours, products, rows, hooks, breathe } = this.#services;
    const choices = this.#choices(settings);
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

  /** What the method asks for; tuning judges every method by the neighbours of the query, also one that needs none. */
  #choices(settings: Settings): PreparationChoices {
    const { method, scenario, fixed } = this.#input;
    const choices = method.preparation(settings, scenario);
    const unneeded = fixed !== undefined && choices.neighbours < 2;
    return unneeded ? { ...choices, neighbours: JUDGED_BY, distance: 'manhattan' } : choices;
  }
}
