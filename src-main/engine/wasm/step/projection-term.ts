import { multiply, multiplyTransposed, type StepContext } from './step-context.ts';

/** `projectionRegularisation` of core/train/losses times its weight, with its derivatives added to `dz`. */
export function projectionTerm(context: StepContext): number {
  const { settings, room, sizes } = context;
  const spreads = [settings.projectionSymmetric, true]; // reference, query
  return spreads.reduce((sum, spread, i) => sum + ofSide(context, room.sides[i]!.centred, i * sizes.n, spread), 0);
}

/** The smallest deviation that counts. */
const LEAST_DEVIATION = 1e-6;

function ofSide(context: StepContext, centred: number, firstRow: number, spread: boolean): number {
  const { pool, room, sizes, settings } = context;
  const { n, embedding, width } = sizes;
  const { kernels } = pool;
  const weight = settings.projectionWeight;
  const at = 4 * firstRow * width;
  const numbers = n * embedding;
  kernels.columnSums(room.z + at, room.columnSums, n, width, 0);
  const sizeFactor = weight / numbers;
  const size = kernels.centreBatch(
    room.z + at,
    room.columnSums,
    centred,
    room.dz + at,
    n,
    width,
    sizeFactor,
    room.deviation,
  );
  const deviation = pool.memory.doubles(room.deviation, 1)[0]! / numbers;

  multiplyTransposed(context, { a: centred, b: centred, out: room.products, rows: n, inner: width, width });
  const covarianceFactor = weight / (embedding * embedding * (n - 1));
  const covariance = kernels.offDiagonal(room.products, width, covarianceFactor);
  const back = { a: centred, b: room.products, out: room.dz + at, rows: n, inner: width, width };
  multiply(context, back, { add: true });

  const value = sizeFactor * size + covarianceFactor * covariance;
  if (!spread) return value;
  if (deviation < LEAST_DEVIATION) return value + weight / LEAST_DEVIATION;
  const factor = -weight / (deviation * deviation * numbers);
  kernels.deviationGradient(centred, room.dz + at, n, width, factor, room.spare);
  return value + weight / deviation;
}
