import { throwIfCancelled } from '../../base/cancel.ts';
import type { AlignedPair, AlignedSide, PreparationNote } from '../../data/aligned-pair.ts';
import type { ConsensusAccount } from '../../data/consensus-account.ts';
import type { TrainContext, TrainedModel } from '../../train/method.ts';
import { runIdentity } from '../../train/run-checkpoint.ts';
import { accountOf } from './account.ts';
import { MemberCheckpoints } from './checkpoint.ts';
import { heard, type Member, membersFor, rowsFor, type TrainedMember } from './members.ts';
import { autoModel } from './model.ts';
import type { AutoSettings } from './settings.ts';

/** Steps that a member without a setting for them is shown to take. */
const UNKNOWN_STEPS = 300;

/**
 * Trains the members one after the other and asks what speaks for each. A checkpoint holds the members that are done and how far
 * the next one has come. Same pair, settings, seed and engine, same bits, also where training was interrupted and goes on.
 */
export async function trainAuto(
  pair: AlignedPair,
  settings: AutoSettings,
  context: TrainContext,
): Promise<TrainedModel> {
  const { seed, signal } = context;
  const members = membersFor(pair.scenario);
  const prepared = members[0]!.takes;
  const planned = members.map(stepsOf);
  const checkpoints = await MemberCheckpoints.begin(context.checkpoints, runIdentity(pair, settings, seed));
  const trained: TrainedMember[] = [];
  let steps = 0;
  for (const [place, { method, settings: own, takes }] of members.entries()) {
    const before = planned.slice(0, place).reduce((sum, n) => sum + n, 0);
    const all = planned.reduce((sum, n) => sum + n, 0);
    // members without a setting for their steps are done while others take a few
    const after = members.slice(place + 1).reduce((sum, member) => sum + (knownSteps(member) ?? 0), 0);
    const done = checkpoints.finished(place);
    if (done !== undefined) {
      const model = { ...method.restore(done.model), notes: done.notes };
      trained.push({ takes, model });
      steps += model.steps;
      continue;
    }
    const keeper = checkpoints.ofNext;
    const model = await method.train(await pairFor(pair, prepared, takes, signal), own, {
      seed,
      ...(signal === undefined ? {} : { signal }),
      ...(keeper === undefined ? {} : { checkpoints: keeper }),
      report: ({ step, terms, expected = planned[place]! }) => {
        const total = terms['total'] ?? NaN;
        context.report({
          step: before + step,
          steps: all,
          expected: before + expected + after,
          terms: { [method.title]: total, total },
        });
      },
    });
    trained.push({ takes, model });
    steps += model.steps;
    await checkpoints.ended(model);
    throwIfCancelled(signal);
  }
  const { mean, each } = await heard(trained, prepared, pair.query, signal);
  const account = await accountOf(
    members,
    await pairFor(pair, prepared, 'lognorm-scaled', signal),
    each,
    mean,
    seed,
    signal,
  );
  return autoModel({
    labels: pair.labels,
    features: pair.features,
    members: trained,
    prepared,
    settle: settings.settle,
    steps,
    account,
    notes: [...notesOf(members, account, settings), ...trained.flatMap(({ model }) => model.notes ?? [])],
    settings: { ...settings, seed },
  });
}

/** The pair with both sides as a member takes them. */
async function pairFor(
  pair: AlignedPair,
  ...[prepared, takes, signal]: [Member['takes'], Member['takes'], TrainContext['signal']]
): Promise<AlignedPair> {
  if (prepared === takes) return pair;
  const side = async <S extends AlignedSide>(own: S): Promise<S> => ({
    ...own,
    ...(await rowsFor(own, prepared, takes, signal)),
  });
  return { ...pair, reference: await side(pair.reference), query: await side(pair.query) };
}

function stepsOf(member: Member): number {
  return knownSteps(member) ?? UNKNOWN_STEPS;
}

function knownSteps({ settings }: Member): number | undefined {
  return (settings as { steps?: number }).steps;
}

function notesOf(
  members: readonly Member[],
  { unanimous, neighbours }: ConsensusAccount,
  { settle }: AutoSettings,
): PreparationNote[] {
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const info = (text: string): PreparationNote => ({ step: 'consensus', severity: 'info', text });
  const titles = members.map(({ method }) => method.title).join(', ');
  return [
    info(
      `Probabilities are the mean of those of ${titles}, each as it is recommended; ${percent(unanimous)} of the query cells get the same label from all.`,
    ),
    info(
      settle
        ? `Neighbours in the query share a label ${neighbours.agreement.toFixed(2)} of the way from chance to always, so on average ${percent(neighbours.strength)} of a cell's probabilities come from its ${neighbours.k} neighbours, more for labels that lie together.`
        : 'Each cell stands alone: labels were not let to settle among neighbours.',
    ),
    info('The features that decided are those of CellPredX, one of the members.'),
  ];
}
