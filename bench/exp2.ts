import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { alignPair } from '#core/prepare/align-pair';
import { methodById } from '#core/methods/list';
import { transferLabels } from '#core/transfer/transfer-labels';
import { simulatePair } from '#core/simulate/simulate-pair';
import { simulatedGeneSets } from '#core/simulate/simulated-gene-sets';
import { assess } from '#core/assess/assess';
import { runningProducts } from '#engine/running-products';
import { startEngine } from '#engine/start-engine';
import { kidaRows } from './ablation/rows-kida.ts';
import { measured } from './ablation/measures.ts';
await startEngine('wasm', { threads: 1 });
const method = methodById('kida') as any;
const row = kidaRows.find((r) => r.id === 'planted-set')!;
for (const [s, v] of JSON.parse(process.env.VAR ?? '[[{},{}]]') as [object, any][]) {
  const out: Record<string, number[]> = {};
  for (const seed of (process.env.SEEDS ?? '101,102').split(',').map(Number)) {
    const t0 = performance.now();
    const base = v.bare ? {} : row.settings; const { bare, ...vv } = v;
    const settings = method.settings.parse({ ...base, ...vv });
    const simulated = simulatePair({ ...row.simulation, ...s, seed } as any);
    const pair = await alignPair({ reference: simulated.reference, query: simulated.query, labelColumn: 'cell_type', scenario: row.scenario, choices: method.preparation(settings, row.scenario), seed, neighbours: exactNeighbours, products: runningProducts() } as any);
    const model = await method.train(pair, settings, { seed, report: () => undefined, geneSets: simulatedGeneSets(simulated) });
    const transfer = await transferLabels(model, pair);
    { const { setAttention } = await import('#core/methods/kida/interpret/set-attention'); const { specificSets } = await import('#core/methods/kida/interpret/specific-sets'); const { kidaModelData } = await import('#core/methods/kida/model'); const { programmeName } = await import('#core/simulate/simulated-gene-sets'); const data = kidaModelData(model.save()); const n = data.mask.names.length - 1; const ranked = specificSets(await setAttention(data, pair.query), n, transfer.query.predicted, pair.labels.length, n); console.log(seed, pair.labels.map((l: string, k: number) => l + ' ' + (ranked[k]!.findIndex(({ set }) => set === data.mask.names.indexOf(programmeName(l))) + 1) + ' of ' + transfer.query.predicted.filter((p) => p === k).length).join('; ')); }
    const m = await measured({ simulated, pair, model, transfer, choices: { featuresPerCell: 50, attributionRanking: 'signed' } } as any, seed);
    for (const k of ['accuracy', 'planted set in top ten', 'rank of planted set'] as const) (out[k] ??= []).push(m[k]);
    (out['s'] ??= []).push((performance.now() - t0) / 1000);
    model.dispose();
  }
  console.log(JSON.stringify(s), JSON.stringify(v), Object.entries(out).map(([k, x]) => `${k} ${(x.reduce((a, b) => a + b, 0) / x.length).toFixed(3)}`).join('  '));
}
process.exit(0);
