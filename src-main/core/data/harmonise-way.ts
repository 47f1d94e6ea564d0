/** The ways to bring two studies of open chromatin to the same features. */
export const harmoniseWays = ['same-peaks', 'recount', 'union', 'sum-overlapping', 'windows', 'gene-activity'] as const;
export type HarmoniseWay = (typeof harmoniseWays)[number];
