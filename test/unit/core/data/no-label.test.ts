import { expect, test } from 'vitest';
import { saysNothing } from '#core/data/no-label';

test.each([
  'unknown',
  'Unassigned',
  'unlabelled',
  'Unlabeled',
  'NA',
  'n/a',
  'none',
  'Doublet',
  'doublets',
  '?',
  '--',
  ' NA ',
])('"%s" says that there is no label', (label) => expect(saysNothing(label)).toBe(true));

test.each(['', 'NK', 'Nav', 'unknown T cell', 'B', 'non-classical monocyte', 'doublet-positive', 'T?'])(
  '"%s" is a label',
  (label) => expect(saysNothing(label)).toBe(false),
);
