import { describe, expect, test } from 'vitest';
import { errorCodes } from '#core/base/app-error';
import { waysOn } from '#contract/ways-on';

describe('what helps a run that failed', () => {
  test.each(errorCodes)('%s leads on in one way at least, in none twice', (code) => {
    const ways = waysOn(code);
    expect(ways.length).toBeGreaterThan(0);
    expect(new Set(ways).size).toBe(ways.length);
    expect(ways.includes('resume') && ways.includes('again')).toBe(false);
  });

  test.each([
    'preparing.no-shared-features',
    'training.gene-sets-do-not-fit',
    'training.diverged',
    'training.checkpoint-of-another-run',
    'chromatin.no-contig-in-common',
  ])('going on from a checkpoint mends nothing after %s', (code) => {
    expect(waysOn(code)).toEqual(['change']);
  });

  test('a file that is gone may be chosen anew, or be put back', () => {
    expect(waysOn('reading.no-such-file')).toEqual(['change', 'again']);
  });

  test.each(['project.run-killed', 'project.disk-full', 'internal.fault', 'anything'])('%s can be resumed', (code) => {
    expect(waysOn(code)).toEqual(['resume']);
  });
});
