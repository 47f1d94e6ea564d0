import { render, screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import ConsensusCard from '../../src-renderer/features/results/ConsensusCard.svelte';
import TuningCard from '../../src-renderer/features/results/TuningCard.svelte';

test('a consensus shows what speaks for each member, a dash where that is not defined', () => {
  const member = { id: 'svm', title: 'Machine', weight: 0.5, agreement: 0.875, neighbours: 0.42, reverse: null };
  const neighbours = { k: 10, agreement: 0.5, strength: 0.25 };
  const account = {
    members: [member, { ...member, id: 'other', title: 'Other', reverse: 0.75 }],
    unanimous: 0.8,
    neighbours,
  };
  render(ConsensusCard, { account });
  const [, first, second] = screen.getAllByRole('row');
  expect(
    within(first!)
      .getAllByRole('cell')
      .map((cell) => cell.textContent),
  ).toEqual(['Machine', '50.0 %', '87.5 %', '0.42', '–']);
  expect(within(second!).getByText('75.0 %')).toBeTruthy();
  expect(screen.getByText(/All methods give 80.0 % of the query cells/)).toBeTruthy();
});

test('tuning shows every trial with what it changed, and marks the one that was taken', () => {
  const trials = [
    { changes: {}, neighbours: 0.5, reverse: 0.7, score: 0.6 },
    { changes: { weightDecay: 0.1 }, neighbours: 0.6, reverse: 0.8, score: 0.7 },
  ];
  render(TuningCard, { record: { trials, margin: 0.05, chosen: 1 } });
  const [, first, second] = screen.getAllByRole('row');
  expect(first!.textContent).toContain('As begun with');
  expect(first!.textContent).not.toContain('taken');
  expect(second!.textContent).toContain('weightDecay 0.1');
  expect(second!.textContent).toContain('taken');
  expect(screen.getByText(/more than\s+0.050, one standard error/)).toBeTruthy();
});
