import { multiply, multiplyTransposed, type StepContext } from './step-context.ts';

/** `crossEntropy` of core/train/losses on the reference rows times its weight; leaves the derivatives of the classifier in its gradient. */
export function classificationTerm(context: StepContext): number {
  const { pool, memory, room, sizes, settings } = context;
  const { n, width, labels, paddedLabels } = sizes;
  const { kernels } = pool;
  const weight = settings.classificationWeight;
  const classifier = memory.parameter('classifier');
  const bias = memory.parameter('classifierBias');
  classify(context, room.z);
  const results = [room.largest, room.place, room.own, room.sums];
  kernels.softmaxRows(room.logits, n, labels, paddedLabels, room.wanted, ...results);
  const own = pool.memory.floats(room.own, n);
  const sums = pool.memory.floats(room.sums, n);
  let total = 0;
  for (let i = 0; i < n; i++) total += Math.log(sums[i]!) - own[i]!;

  kernels.crossEntropyGradient(room.logits, n, paddedLabels, room.wanted, weight / n);
  const back = { a: room.z, b: room.logits, out: classifier.gradient, rows: n, inner: width, width: paddedLabels };
  multiplyTransposed(context, back);
  kernels.columnSums(room.logits, bias.gradient, n, paddedLabels, 0);
  kernels.transpose(classifier.theta, room.classifierTurned, width, paddedLabels);
  const down = { a: room.logits, b: room.classifierTurned, out: room.dz, rows: n, inner: paddedLabels, width };
  multiply(context, down, { add: true });
  return (weight * total) / n;
}

/**
 * `choosePseudoLabels` of core/train for the query rows: their labels are left in `guessed`, and which of them are trusted in
 * `takesPart`. Gives back how many.
 */
export function pseudoLabels(context: StepContext): number {
  const { pool, room, sizes, settings } = context;
  const { n, width, labels, paddedLabels } = sizes;
  classify(context, room.z + 4 * n * width);
  pool.kernels.softmaxRows(room.logits, n, labels, paddedLabels, 0, room.largest, room.guessed, room.own, room.sums);
  const confidence = pool.memory.floats(room.largest, n);
  const falling = confidence.slice().sort().reverse();
  const rank = Math.floor(n * settings.pseudoLabelQuantile);
  const threshold = falling[(rank === 0 ? n : n - rank + 1) - 1]!;
  const takesPart = pool.memory.floats(room.takesPart, n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    takesPart[i] = confidence[i]! >= threshold ? 1 : 0;
    count += takesPart[i]!;
  }
  return count;
}

/** logits = z·C + c for n rows. */
function classify(context: StepContext, z: number): void {
  const { memory, room, sizes } = context;
  const b = memory.parameter('classifier').theta;
  const operands = { a: z, b, out: room.logits, rows: sizes.n, inner: sizes.width, width: sizes.paddedLabels };
  multiply(context, operands, { bias: memory.parameter('classifierBias').theta });
}

/**
 * `sparseCentre` of core/train/losses times its weight, with attention where it is on, over the reference rows and the `taking`
 * trusted query rows (null: the query does not take part). Moves the centres where they follow their cells.
 */
export function sparseCentreTerm(
  context: StepContext,
  taking: number | null,
): { value: number; meanAttention: number } {
  const { pool, memory, room, sizes, settings } = context;
  const { n, embedding, width, hidden, labels } = sizes;
  const { kernels } = pool;
  const sides: readonly Side[] = taking === null ? [room.sides[0]] : room.sides;
  if (settings.attentionOn) {
    turnAttentionWeights(context);
    sides.forEach((side, i) => attend(context, side, room.z + 4 * i * n * width));
  }
  pool.memory.floats(room.moves, labels * width).fill(0);
  pool.memory.floats(room.counts, labels).fill(0);
  const count = n + (taking ?? 0);
  const factor = settings.sparseCentreWeight / count;
  const centres = memory.array('centres');
  let total = 0;
  sides.forEach((side, i) => {
    const at = 4 * i * n * width;
    total += kernels.centreRows(
      room.z + at,
      settings.attentionOn ? side.attention : 0,
      i === 0 ? room.wanted : room.guessed,
      i === 0 ? 0 : room.takesPart,
      centres,
      n,
      width,
      factor,
      room.dz + at,
      side.dAttention,
      room.moves,
      room.counts,
    );
  });
  if (settings.centrePolicy === 'running') {
    kernels.moveCentres(centres, room.moves, room.counts, labels, width, settings.centreRate);
  }
  if (!settings.attentionOn) return { value: (factor * total) / 2, meanAttention: 1 };

  const attention = sides.reduce((sum, side) => sum + kernels.sumOf(side.attention, n, width, embedding), 0);
  sides.forEach((side, i) => attendBack(context, side, 4 * i * n * width, i > 0));
  kernels.headGradients(room.dHeads, memory.parameter('attentionHeads').gradient, hidden, width);
  kernels.headGradients(room.dHeadsBias, memory.parameter('attentionHeadsBias').gradient, 1, width);
  return { value: (factor * total) / 2, meanAttention: attention / (sides.length * n * embedding) };
}

type Side = StepContext['room']['sides'][number];

function turnAttentionWeights({ pool, memory, room, sizes }: StepContext): void {
  const { hidden, width } = sizes;
  const { kernels } = pool;
  kernels.headDifferences(memory.parameter('attentionHeads').theta, room.heads, hidden, width);
  kernels.headDifferences(memory.parameter('attentionHeadsBias').theta, room.headsBias, 1, width);
  kernels.transpose(room.heads, room.headsTurned, hidden, width);
  kernels.transpose(memory.parameter('attentionUnit').theta, room.unitTurned, width, hidden);
}

/** `attention` of core/train of one side; the running statistics follow. */
function attend(context: StepContext, side: Side, z: number): void {
  const { pool, memory, room, sizes } = context;
  const { n, width, hidden } = sizes;
  const { x, e, mean, inverse, attention } = side;
  const theta = (name: string): number => memory.parameter(name).theta;
  const items = Math.ceil(n / pool.kernels.ATTENTION_ROWS.value);
  const unit = { a: z, b: theta('attentionUnit'), out: x, rows: n, inner: width, width: hidden };
  multiply(context, unit, { bias: theta('attentionUnitBias') });
  const running = [memory.array('running-mean'), memory.array('running-variance')];
  pool.kernels.batchStatistics(x, n, hidden, mean, inverse, ...running);
  pool.run('normalisedTanh', items, x, e, n, hidden, mean, inverse, theta('normScale'), theta('normShift'));
  const heads = { a: e, b: room.heads, out: attention, rows: n, inner: hidden, width };
  multiply(context, heads, { bias: room.headsBias });
  pool.run('sigmoidRows', items, attention, n, width);
}

/** Back through `attend`: `dAttention` becomes derivatives of its weights (added where `add`) and of z. */
function attendBack(context: StepContext, side: Side, at: number, add: boolean): void {
  const { pool, memory, room, sizes } = context;
  const { n, width, hidden } = sizes;
  const { kernels } = pool;
  const { x, e, de, inverse, attention, dAttention } = side;
  const gradient = (name: string): number => memory.parameter(name).gradient;
  const items = Math.ceil(n / kernels.ATTENTION_ROWS.value);
  pool.run('sigmoidGradient', items, dAttention, attention, n, width);
  multiplyTransposed(context, { a: e, b: dAttention, out: room.dHeads, rows: n, inner: hidden, width }, { add });
  kernels.columnSums(dAttention, room.dHeadsBias, n, width, add ? 1 : 0);
  multiply(context, { a: dAttention, b: room.headsTurned, out: de, rows: n, inner: width, width: hidden });
  const scale = memory.parameter('normScale');
  kernels.normalisedTanhGradient(de, e, x, n, hidden, inverse, scale.theta, scale.gradient, gradient('normShift'));
  const unit = { a: room.z + at, b: de, out: gradient('attentionUnit'), rows: n, inner: width, width: hidden };
  multiplyTransposed(context, unit, { add });
  kernels.columnSums(de, gradient('attentionUnitBias'), n, hidden, add ? 1 : 0);
  const down = { a: de, b: room.unitTurned, out: room.dz + at, rows: n, inner: hidden, width };
  multiply(context, down, { add: true });
}
