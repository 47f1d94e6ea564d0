import { simulatedLabels } from './label-programmes.ts';
import type { SimulationOptions } from './simulated-pair.ts';

/** Lowest and highest value of every option that is a number of any size. */
const ranges = {
  gap: [0, 3],
  dispersion: [0, 3],
  peakSignal: [0, 3],
  blend: [0, 1],
  attenuation: [0, 3],
  bias: [0, 3],
  uninformative: [0, 1],
  ambient: [0, 10],
  queryDepth: [-5, 3],
  setActivity: [0, 3],
} as const;

/** Refuses options outside their range. @throws RangeError that names the option and its value */
export function checkOptions(options: SimulationOptions): void {
  for (const name of ['genes', 'peaks', 'referenceCells', 'queryCells'] as const) {
    const value = options[name];
    if (!Number.isInteger(value) || value < 20 || value > 9999) {
      throw new RangeError(`simulatePair: ${name} is ${value}, a whole number from 20 to 9999 is needed`);
    }
  }
  for (const [name, [lowest, highest]] of Object.entries(ranges)) {
    const value = options[name as keyof typeof ranges];
    if (value !== undefined && !(value >= lowest && value <= highest)) {
      throw new RangeError(`simulatePair: ${name} is ${value}, needed is ${lowest} to ${highest}`);
    }
  }
  for (const name of ['queryShares', 'referenceShares'] as const) {
    const shares = options[name];
    if (shares === undefined) continue;
    const fit = shares.length === simulatedLabels.length && shares.every((share) => share >= 0 && share < Infinity);
    if (!fit || !shares.some((share) => share > 0)) {
      throw new RangeError(
        `simulatePair: ${name} is [${shares.join(', ')}], needed are ${simulatedLabels.length} shares of at least 0, one of them above`,
      );
    }
  }
  const { geneSets, setSize, genes } = options;
  if (
    geneSets !== undefined &&
    !(Number.isInteger(geneSets) && geneSets >= simulatedLabels.length && geneSets <= 999)
  ) {
    throw new RangeError(
      `simulatePair: geneSets is ${geneSets}, a whole number from ${simulatedLabels.length}, one per label, to 999 is needed`,
    );
  }
  if (setSize !== undefined && !(Number.isInteger(setSize) && setSize >= 1 && setSize <= genes)) {
    throw new RangeError(`simulatePair: setSize is ${setSize}, a whole number from 1 to the ${genes} genes is needed`);
  }
}
