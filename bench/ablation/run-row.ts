import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { alignPair } from '#core/prepare/align-pair';
import type { AlignedPair } from '#core/data/aligned-pair';
import { methodById } from '#core/methods/list';
import { defaultResultChoices, type Method } from '#core/train/method';
import { transferLabels } from '#core/transfer/transfer-labels';
import { simulatePair } from '#core/simulate/simulate-pair';
import type { SimulatedPair, SimulationOptions } from '#core/simulate/simulated-pair';
import { simulatedGeneSets } from '#core/simulate/simulated-gene-sets';
import { runningProducts } from '#engine/running-products';
import type { KeptResults } from './kept-results.ts';
import { measured, type MeasureName } from './measures.ts';
import type { AblationRow, At, Variant } from './row.ts';

type Numbers = Readonly<Record<MeasureName, number>>;

/** Trains every variant of a row on one seed (of the data and of the training) and measures it. What `kept` has is not computed again. */
export async function numbersOfSeed(row: AblationRow, seed: number, kept: KeptResults): Promise<At> {
  const found = new Map<string, Numbers>();
  for (const [name, variant] of Object.entries<Variant>({ full: {}, ...row.variants })) {
    const method = methodById(row.method);
    const settings = method.settings.parse({ ...row.settings, ...variant.settings });
    const simulation = { ...row.simulation, ...variant.simulation, seed };
    const key = JSON.stringify({ method: row.method, scenario: row.scenario, simulation, settings });
    found.set(name, kept.get(key) ?? kept.put(key, await numbersOf(method, settings, row, simulation)));
  }
  return (variant, measure) => {
    const value = found.get(variant)?.[measure];
    if (value === undefined) throw new Error(`ablation: ${row.id} has no ${measure} of ${variant}`);
    return value;
  };
}

async function numbersOf(
  method: Method,
  settings: unknown,
  { scenario }: AblationRow,
  simulation: Partial<SimulationOptions> & { readonly seed: number },
): Promise<Numbers> {
  const simulated = simulatedOnce(simulation);
  const pair = await prepared(simulated, method, settings, scenario);
  const model = await method.train(pair, settings, {
    seed: simulation.seed,
    report: () => undefined,
    ...(method.geneSets === true ? { geneSets: simulatedGeneSets(simulated) } : {}),
  });
  try {
    const transfer = await transferLabels(model, pair);
    const choices = method.results?.(settings) ?? defaultResultChoices;
    return await measured({ simulated, pair, model, transfer, choices }, simulation.seed);
  } finally {
    model.dispose();
  }
}

/** The pair as the application prepares it, the neighbours of a query from chromatin by its peaks. */
async function prepared(
  simulated: SimulatedPair,
  method: Method,
  settings: unknown,
  scenario: AblationRow['scenario'],
): Promise<AlignedPair> {
  const choices = method.preparation(settings, scenario);
  const key = JSON.stringify({ options: simulated.options, choices, scenario });
  if (lastPrepared?.key === key) return lastPrepared.pair;
  const pair = await alignPair({
    reference: simulated.reference,
    query: simulated.query,
    ...(scenario === 'rna-rna' ? {} : { queryPeaks: simulated.queryPeaks }),
    labelColumn: 'cell_type',
    scenario,
    choices,
    seed: simulated.options.seed,
    neighbours: exactNeighbours,
    products: runningProducts(),
  });
  lastPrepared = { key, pair };
  return pair;
}

/** The last pair is kept, drawn and prepared: the variants of a row mostly share it. */
let lastPrepared: { readonly key: string; readonly pair: AlignedPair } | null = null;
let last: { readonly key: string; readonly pair: SimulatedPair } | null = null;

function simulatedOnce(simulation: Partial<SimulationOptions>): SimulatedPair {
  const key = JSON.stringify(simulation);
  if (last?.key !== key) last = { key, pair: simulatePair(simulation) };
  return last.pair;
}
