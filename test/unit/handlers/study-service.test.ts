import { expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import type { WorkProgress } from '#contract/requests';
import type { SideProcess } from '#handlers/side-process';
import { studyService } from '#handlers/study-service';

const question = {
  reference: [{ path: '/d/a.h5ad', repairs: [] }],
  query: [{ path: '/d/b.tsv.gz', repairs: [] }],
  ...({ label: 'cell_type', scenario: 'auto', harmonise: 'auto' } as const),
};

/** A side process that answers when it is let. */
function held() {
  const answer = Promise.withResolvers<unknown>();
  let tell: ((done: WorkProgress) => void) | undefined;
  const side: SideProcess = {
    ask(_question, { about, progress, signal }) {
      tell = progress;
      signal?.addEventListener('abort', () => answer.reject(new AppError('request.taken-back', { path: about })));
      return answer.promise;
    },
    warmUp: () => undefined,
    close: () => undefined,
  };
  return { side, answer, tell: (done: WorkProgress) => tell!(done) };
}

test('a question with a name tells how far it is until it is answered', async () => {
  const { side, answer, tell } = held();
  const studies = studyService(side);
  expect(studies.matchProgress('q1')).toBeNull();
  const match = studies.match({ ...question, question: 'q1' });
  expect(studies.matchProgress('q1')).toEqual({ fraction: 0, text: 'Waiting' });
  tell({ fraction: 0.5, text: 'Reading b.tsv.gz' });
  expect(studies.matchProgress('q1')).toEqual({ fraction: 0.5, text: 'Reading b.tsv.gz' });
  expect(studies.matchProgress('q2')).toBeNull();
  answer.resolve('fits');
  expect(await match).toBe('fits');
  expect(studies.matchProgress('q1')).toBeNull();
  expect(studies.stopMatch('q1')).toBe(false);
});

test('a question that is taken back is answered with an error, and only once', async () => {
  const { side } = held();
  const studies = studyService(side);
  const match = studies.match({ ...question, question: 'q1' });
  expect(studies.stopMatch('q1')).toBe(true);
  expect(studies.stopMatch('q1')).toBe(false);
  await expect(match).rejects.toMatchObject({ code: 'request.taken-back' });
});

test('a question without a name is answered all the same', async () => {
  const { side, answer } = held();
  answer.resolve('fits');
  expect(await studyService(side).match(question)).toBe('fits');
});
