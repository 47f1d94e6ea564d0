import type { Results } from '#contract/requests';
import { averageLinkage } from '#charts/heatmap-tiles/average-linkage';

export interface HeatmapClusters {
  /** Places of the features, like beside like. */
  readonly rows: readonly number[];
  /** Numbers of all labels, like beside like; labels without cells stand last. */
  readonly labels: readonly number[];
}

/**
 * Features and labels in the order of two trees, both made from features × labels (mean z-scores): features are alike that
 * are high in the same labels, labels that have the same features high.
 *
 * @param parts of the features in their order, as the services gave them
 */
export function clusterHeatmap(parts: readonly Results['run:label-means'][]): HeatmapClusters {
  const cells = parts[0]?.cells ?? new Int32Array();
  const held = [...cells.keys()].filter((label) => cells[label]! > 0);
  const means = parts.flatMap(({ values }) => [...values]);
  const features = cells.length === 0 ? 0 : means.length / cells.length;
  const byFeature = new Float32Array(features * held.length);
  const byLabel = new Float32Array(features * held.length);
  for (let feature = 0; feature < features; feature++) {
    for (const [place, label] of held.entries()) {
      const value = means[feature * cells.length + label]!;
      byFeature[feature * held.length + place] = value;
      byLabel[place * features + feature] = value;
    }
  }
  return {
    rows: averageLinkage(byFeature, held.length).order,
    labels: [
      ...averageLinkage(byLabel, features).order.map((place) => held[place]!),
      ...[...cells.keys()].filter((label) => cells[label] === 0),
    ],
  };
}
