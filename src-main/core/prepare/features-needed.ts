/**
 * The least number of shared features with which labels are given at all: 100, as in CellPredX; for small panels (under
 * 200 features on the smaller side) half of the panel, but never fewer than 20. A handful of matching genes can separate
 * the training cells by chance and would yield labels that look confident.
 *
 * @param smaller features of the study that has fewer
 */
export function featuresNeeded(smaller: number): number {
  return Math.min(100, Math.max(20, Math.ceil(smaller / 2)));
}
