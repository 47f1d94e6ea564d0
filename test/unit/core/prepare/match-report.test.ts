import { describe, expect, test } from 'vitest';
import { type MatchSide, matchReport } from '#core/prepare/match-report';
import { suggestScenario } from '#core/prepare/suggest-scenario';
import { geneNames, studyOf, type StudyParts } from './small-study.ts';

function side(name: string, genes: string[], parts: Partial<StudyParts> = {}): MatchSide {
  return studyOf({ name, genes, dense: [], ...parts });
}

describe('match report', () => {
  test('two studies with the same genes are a good match', () => {
    const report = matchReport(side('a', geneNames(2000)), side('b', geneNames(2500)));
    expect(report.verdict).toBe('good');
    expect(report.sharedFeatures).toBe(2000);
    expect(report.reference.sharedFraction).toBe(1);
    expect(report.query.sharedFraction).toBe(0.8);
    expect(report.examples.queryOnly).toEqual(geneNames(5, 2000));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('a fifth in common is a poor match with something to do', () => {
    const report = matchReport(side('a', geneNames(3000)), side('b', geneNames(3000, 2400)));
    expect(report.verdict).toBe('poor');
    expect(report.messages[0]!.text).toBe('600 features are shared, 20 % of the smaller study.');
    expect(report.messages[0]!.remedy).not.toBeNull();
  });

  test('nine genes in common are no match', () => {
    const report = matchReport(side('a', geneNames(3000)), side('b', geneNames(3000, 2991)));
    expect(report.verdict).toBe('impossible');
    expect(report.messages[0]!).toMatchObject({
      severity: 'error',
      text: expect.stringContaining('9 features') as string,
    });
  });

  test('Ensembl ids against symbols are told to be mapped', () => {
    const ids = geneNames(500).map((_, j) => `ENSG${String(j).padStart(11, '0')}`);
    const report = matchReport(side('a', ids, { idType: 'ensembl' }), side('b', geneNames(500)));
    expect(report.verdict).toBe('impossible');
    expect(report.messages[0]!.remedy).toBe('Map the Ensembl ids of a to symbols.');
  });

  test('mouse against human is impossible and says which is which', () => {
    const mouse = geneNames(500).map((name) => name.toLowerCase());
    const report = matchReport(side('a', geneNames(500)), side('b', mouse, { species: 'mouse' }));
    expect(report).toMatchObject({ verdict: 'impossible', sharedFeatures: 0 });
    expect(report.messages[0]!.text).toBe('a holds human genes and b holds mouse genes.');
  });

  test('genes against peaks are told to become gene activity', () => {
    const peaks = geneNames(500).map((_, j) => `chr1:${j * 100}-${j * 100 + 50}`);
    const report = matchReport(
      side('a', geneNames(500)),
      side('b', peaks, { modality: 'peaks', idType: 'coordinates' }),
    );
    expect(report.verdict).toBe('impossible');
    expect(report.messages[0]!.remedy).toContain('gene activity');
  });

  test('a study without features is no match', () => {
    expect(matchReport(side('a', []), side('b', geneNames(500)))).toMatchObject({
      verdict: 'impossible',
      reference: { features: 0, sharedFraction: 0 },
    });
  });
});

describe('suggested scenario', () => {
  const of = (modality: StudyParts['modality'], cellIds: string[] = ['a', 'b']) =>
    studyOf({ name: modality!, modality: modality!, genes: [], dense: cellIds.map(() => []), cellIds });

  test.each([
    ['rna', 'rna', 'rna-rna'],
    ['rna', 'protein', 'rna-rna'],
    ['peaks', 'peaks', 'atac-atac'],
    ['gene-activity', 'gene-activity', 'atac-atac'],
  ] as const)('%s → %s is %s', (reference, query, scenario) => {
    expect(suggestScenario(of(reference), of(query)).scenario).toBe(scenario);
  });

  test('RNA → chromatin is matched where most cells are the same', () => {
    const query = of('gene-activity', ['a', 'b', 'c']);
    expect(suggestScenario(of('rna', ['x', 'y']), query)).toEqual({
      scenario: 'rna-atac',
      reason:
        "rna holds RNA and gene-activity holds gene activity from open chromatin; 0 % of the query's cell names are also in the reference.",
    });
    expect(suggestScenario(of('rna', ['c', 'a']), query)).toMatchObject({
      scenario: 'rna-atac-matched',
      reason: expect.stringContaining('67 %') as string,
    });
  });
});
