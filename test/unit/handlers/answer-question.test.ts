import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AnnotationRequest } from '#contract/annotation-request';
import type { Result } from '#contract/requests';
import { answerQuestion } from '#handlers/answer-question';
import { sampleStudy } from '#handlers/sample-study';

const sample = AnnotationRequest.parse(sampleStudy(join(import.meta.dirname, '../../../resources')).request);

test('every file of the sample study is there, can be read as it is, and has the columns the request names', async () => {
  const report = async (choice: AnnotationRequest['query'][number]) =>
    (await answerQuestion({ kind: 'inspect', choice })) as Result<'study:inspect'>;
  const reference = await report(sample.reference[0]!);
  const query = await report(sample.query[0]!);
  const peaks = await report(sample.queryPeaks!);
  expect(reference.labelColumns.find(({ name }) => name === sample.label)).toMatchObject({ role: 'candidate' });
  expect(query.labelColumns.map(({ name }) => name)).toContain(sample.truth);
  expect([reference.modality, query.modality, peaks.modality]).toEqual(['rna', 'gene-activity', 'peaks']);
  expect(peaks.cells).toBe(query.cells);
  for (const { findings } of [reference, query, peaks]) {
    expect(findings.filter(({ severity }) => severity === 'problem')).toEqual([]);
  }
});

test('the sample pair matches, and the files suggest its scenario', async () => {
  const { reference, query, label, scenario } = sample;
  const match = (await answerQuestion({
    kind: 'match',
    reference,
    query,
    label,
    scenario,
    harmonise: 'auto',
  })) as Result<'match:check'>;
  expect(match).toMatchObject({ verdict: 'good', suggestion: { scenario } });
  expect(match.messages.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('another scenario than the files suggest, and a column that is not there, are said', async () => {
  const { reference, query } = sample;
  const match = (await answerQuestion({
    kind: 'match',
    reference,
    query,
    label: 'nothing',
    scenario: 'atac-atac',
    harmonise: 'auto',
  })) as Result<'match:check'>;
  expect(match.verdict).toBe('impossible');
  const texts = match.messages.map(({ text }) => text);
  expect(texts).toContainEqual(expect.stringContaining('have no column "nothing"'));
  expect(texts).toContainEqual(expect.stringContaining('another scenario (rna-atac)'));
});
