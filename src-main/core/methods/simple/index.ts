import type { Method } from '../../train/method.ts';
import { correlation } from './correlation.ts';
import { linearSvm } from './linear-svm.ts';
import { logisticRegression } from './logistic-regression.ts';
import { majority } from './majority.ts';
import { nearestCentroid } from './nearest-centroid.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';

/** Well-known classifiers that any method must beat, from the simplest on. */
export const simpleMethods: readonly Method[] = [
  majority,
  nearestCentroid,
  nearestNeighbours,
  logisticRegression,
  linearSvm,
  correlation,
];
