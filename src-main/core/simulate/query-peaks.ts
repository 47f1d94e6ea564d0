import type { Random } from '../base/random.ts';
import type { StudyInMemory } from '../data/study.ts';
import { labelProgrammes } from './label-programmes.ts';
import type { SimulationOptions } from './simulated-pair.ts';
import { normals, simulatedStudy } from './simulated-study.ts';

/**
 * The peaks of the query's cells: open in a label with the same close pairs as the genes; levels are low, as in real data most places are
 * closed. Shuffled, each cell has the peaks that belong to the label of a random cell.
 */
export function peaksOfQuery(
  random: Random,
  options: SimulationOptions,
  labels: Int32Array,
  depth: Float64Array,
): StudyInMemory {
  const level = normals(random, options.peaks, -2.6, 0.8);
  const programmes = labelProgrammes(random, options.peaks, {
    raised: Math.round(options.peaks * 0.08),
    strength: 1.8,
    blend: 0.65,
  });
  const peaks = Array.from({ length: options.peaks }, (_, peak) => {
    const start = 10_000 + 5_000 * (peak % 100);
    return `chr${1 + Math.floor(peak / 100)}:${start}-${start + 500}`;
  });
  return simulatedStudy(random, {
    name: 'query_peaks.h5ad',
    modality: 'peaks',
    cellPrefix: 'query',
    features: peaks,
    labelColumn: null,
    labels: options.shuffledPeaks === true ? random.shuffle(labels.slice()) : labels,
    depth,
    dispersion: 0,
    logMean: (label) => programmes[label]!.map((effect, peak) => level[peak]! + options.peakSignal * effect),
  });
}
