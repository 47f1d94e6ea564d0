/** State of the early stop: plain data, so that it can be stored with a checkpoint. */
export interface EarlyStop {
  /** Moving average of the watched term; null before the first look. */
  readonly average: number | null;
  /** Looks in a row at which it hardly changed. */
  readonly quiet: number;
}

export const EARLY_STOP_EVERY = 10;
const KEEP = 0.9;
const TOLERANCE = 1e-3;
const PATIENCE = 20;

export const notStopped: EarlyStop = { average: null, quiet: 0 };

/**
 * One look at the watched term, to be taken every 10 steps: its moving average (0.9 of the last average, 0.1 of the value)
 * and how many looks in a row that average changed by less than a thousandth.
 *
 * Source: CellPredX (PLoS Comput Biol 2026) stops when the sparse loss has not changed for 20 rounds; the paper names
 * neither a round nor a tolerance, the released code has no early stop. Both are our choice.
 */
export function looked(state: EarlyStop, value: number): EarlyStop {
  if (state.average === null) return { average: value, quiet: 0 };
  const average = KEEP * state.average + (1 - KEEP) * value;
  const change = Math.abs(average - state.average) / Math.max(Math.abs(state.average), 1e-12);
  return { average, quiet: change < TOLERANCE ? state.quiet + 1 : 0 };
}

/** True after 20 quiet looks in a row. */
export function shouldStop(state: EarlyStop): boolean {
  return state.quiet >= PATIENCE;
}
