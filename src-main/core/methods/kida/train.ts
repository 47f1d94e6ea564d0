import { countText } from '../../base/count-text.ts';
import { AppError } from '../../base/app-error.ts';
import { Random } from '../../base/random.ts';
import type { AlignedPair, NetworkRows, PreparationNote } from '../../data/aligned-pair.ts';
import { symbolOfId } from '../../data/gene-sets.ts';
import { peaksAmong } from '../../data/places.ts';
import { calibrationFactor } from '../../train/calibration.ts';
import { chosenColumns } from '../../train/chosen-columns.ts';
import { splitByLabel } from '../../train/hold-out.ts';
import type { TrainContext, TrainedModel } from '../../train/method.ts';
import { type NetworkArrays, parametersWithMoments } from '../../train/network-arrays.ts';
import { readRunCheckpoint, runIdentity, type RunProgress } from '../../train/run-checkpoint.ts';
import { selectRows } from '../../data/sparse-rows.ts';
import { trainLoop } from '../../train/train-loop.ts';
import { chooseGenes } from './choose-genes.ts';
import { type Entrance, enteringRows, seen } from './apply-network.ts';
import { kidaModel, type KidaModelData } from './model.ts';
import { initialParameters } from './network.ts';
import { CHECKPOINT_KIND, KidaRun, Watch } from './run.ts';
import type { KidaSettings } from './settings.ts';
import { geneMoments } from './standardise.ts';
import { randomMask, type TokenMask, tokenMask } from './token-mask.ts';

/** Cells on each side that training needs. */
const NEEDED = 2;

/**
 * Trains KIDA on a prepared pair: a teacher on the balanced reference, then a student on the query cells of which the teacher is
 * surest. The same pair, gene sets, settings, seed and engine give the same bits, also when training was interrupted and goes on
 * from a checkpoint. Ends with `Cancelled` when the signal is aborted.
 */
export async function trainKida(
  pair: AlignedPair,
  settings: KidaSettings,
  context: TrainContext,
): Promise<TrainedModel> {
  refuseUnfit(pair, settings);
  const { seed, signal } = context;
  const chosen = await chooseGenes(pair, settings, { symbolOf: context.geneSets?.symbolOf, signal });
  const { mask, notes } = maskFor(pair, chosen, settings, context);
  const scaling =
    settings.transform === 'lognorm'
      ? null
      : {
          moments: await geneMoments(chosenColumns(pair.reference, chosen), signal),
          clip: settings.clip,
          ownFrom: settings.ownScaleFrom,
        };
  const { features, labels } = pair;
  const entrance = { features, chosen, scaling };
  const shape = {
    width: settings.width,
    depth: settings.depth,
    heads: settings.heads,
    layout: settings.tokenLayout,
  };
  const reference = await enteringRows(entrance, pair.reference, signal);
  const ofQuery = { ...entrance, scaling: await scalingOf(pair.query, entrance, signal) };
  const query = await enteringRows(ofQuery, pair.query, signal);
  const split = splitByLabel(pair.reference.label, settings.validationShare, Random.forPurpose(seed, 'held-out'));

  const identity = { ...runIdentity(pair, settings, seed), features: mask.genes.length };
  const stored = (await context.checkpoints?.load()) ?? null;
  const initial = (purpose: string): NetworkArrays => initialParameters(mask, labels.length, shape, seed, purpose);
  const start: RunProgress<Watch> =
    stored === null
      ? {
          done: 0,
          state: parametersWithMoments(initial('initial-weights'), settings.optimiser),
          random: Random.forPurpose(seed, 'batches'),
          more: { heldOutMacroF1: null, shareStrength: null },
        }
      : readRunCheckpoint(CHECKPOINT_KIND, identity, stored, Watch);
  const run = new KidaRun({
    network: { mask, shape },
    reference,
    query,
    label: pair.reference.label,
    labels: labels.length,
    shown: { labels, entrance: ofQuery },
    split,
    settings,
    seed,
    identity,
    start,
    studentStart: () => initial('initial-weights of the student'),
    signal,
  });
  try {
    await run.ready();
    const end = await trainLoop(run, context);
    const data: KidaModelData = {
      ...entrance,
      mask,
      shape,
      labels,
      parameters: await run.parameters(),
      ...end,
      notes: [...notes, ...run.notes()],
      settings: { ...settings, seed },
    };
    return kidaModel(settings.calibration ? await calibrated(data, pair, split.heldOut, context) : data);
  } finally {
    run.dispose();
  }
}

/** The scaling that some of these rows have too: by the moments of all of them where they are many, else as it is. */
async function scalingOf(
  rows: NetworkRows,
  { chosen, scaling }: Entrance,
  signal: TrainContext['signal'],
): Promise<Entrance['scaling']> {
  if (scaling === null) return null;
  const own = rows.input.rows >= scaling.ownFrom;
  const moments = own ? await geneMoments(chosenColumns(rows, chosen), signal) : scaling.moments;
  return { ...scaling, moments, ownFrom: Infinity };
}

function refuseUnfit(pair: AlignedPair, { width, heads, mask }: KidaSettings): void {
  for (const side of ['reference', 'query'] as const) {
    const cells = pair[side].input.rows;
    if (cells < NEEDED) throw new AppError('training.too-few-cells', { side, cells, needed: NEEDED });
  }
  const peaks = peaksAmong(pair.features);
  if (mask !== 'random' && peaks.length > 0) {
    const facts = { peaks: peaks.length, features: pair.features.length, example: peaks[0]! };
    throw new AppError('training.no-gene-sets-of-peaks', { method: 'KIDA', ...facts });
  }
  if (width % heads !== 0) {
    const allowed = `a number that divides the width, ${width}`;
    throw new AppError('training.setting-out-of-range', {
      method: 'KIDA',
      setting: 'heads',
      value: `${heads}`,
      allowed,
    });
  }
}

/** The gene sets as tokens, and what a person should know of them. */
function maskFor(
  pair: AlignedPair,
  chosen: Int32Array,
  settings: KidaSettings,
  { geneSets, seed }: TrainContext,
): { mask: TokenMask; notes: PreparationNote[] } {
  if (settings.mask === 'random') {
    const mask = randomMask(chosen.length, settings.tokens, Random.forPurpose(seed, 'random gene sets'));
    const text = `Cells were read through ${mask.names.length - 1} sets of genes drawn at random, not through known ones.`;
    return { mask, notes: [{ step: 'train', severity: 'warning', text }] };
  }
  if (geneSets === undefined) throw new AppError('training.gene-sets-needed', { method: 'KIDA' });
  const names = Array.from(chosen, (column) => pair.features[column]!);
  const { inSets, ...mask } = tokenMask(names, geneSets, settings);
  const text = `Cells were read through ${countText(mask.names.length - 1)} of the ${countText(geneSets.sets.length)} gene sets of ${geneSets.name}, which hold ${countText(inSets)} of the ${countText(chosen.length)} genes chosen.`;
  const ids = names.filter((name) => symbolOfId(name, geneSets.symbolOf) !== undefined).length;
  const bySymbol =
    ids === 0
      ? ''
      : ` ${countText(ids)} of these are Ensembl ids, compared by their symbols in the shipped gene tables.`;
  return { mask, notes: [{ step: 'train', severity: 'info', text: `${text}${bySymbol}` }] };
}

/** The model with its logits scaled so that probabilities fit the held-out cells, or the whole reference where none are. */
async function calibrated(
  data: KidaModelData,
  pair: AlignedPair,
  heldOut: Int32Array,
  { signal }: TrainContext,
): Promise<KidaModelData> {
  const rows = heldOut.length > 0 ? heldOut : Int32Array.from(pair.reference.label.keys());
  const K = data.labels.length;
  const all = await enteringRows(data, pair.reference, signal);
  const part = { ...all, input: selectRows(all.input, rows) };
  const [logits] = await seen(data, part, [K], (found) => [found.logits], signal);
  const known = rows.map((row) => pair.reference.label[row]!);
  const factor = calibrationFactor(logits!, known, K);
  const scaled = (name: string): NetworkArrays[string] => {
    const { shape, values } = data.parameters[name]!;
    return { shape, values: values.map((value) => value * factor) };
  };
  const parameters = {
    ...data.parameters,
    classifier: scaled('classifier'),
    classifierBias: scaled('classifierBias'),
  };
  return { ...data, parameters };
}
