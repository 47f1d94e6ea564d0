import { render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import MethodChoice from '../../src-renderer/features/annotate/MethodChoice.svelte';
import { method } from './support/generated-study.ts';

const within = {
  ...method,
  ...{ id: 'kida', title: 'KIDA', scenarios: ['rna-rna', 'atac-atac'] as const },
  limits: 'it takes reference and query to be measured in the same way',
};

test('a method that is not made for the scenario cannot be chosen, and its card says why', () => {
  const given = { methods: [method, within], value: method.id, onchange: vi.fn() };
  const { rerender } = render(MethodChoice, { ...given, scenario: 'rna-atac' });
  const card = screen.getByRole<HTMLInputElement>('radio', { name: /^KIDA/ });
  expect(card.disabled).toBe(true);
  expect(screen.getByText(/^Not for/).parentElement!.textContent).toBe(
    'Not for RNA → ATAC, unmatched cells: it takes reference and query to be measured in the same way.',
  );
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /^CellPredX/ }).disabled).toBe(false);
  return rerender({ ...given, scenario: 'rna-rna' }).then(() => {
    expect(screen.queryByText(/^Not for/)).toBeNull();
    expect(card.disabled).toBe(false);
  });
});
