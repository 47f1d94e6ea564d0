import { describe, expect, test } from 'vitest';
import { cellsText, countText, numberText, percentText } from '#core/figures/number-text';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('numbers in figures', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1204, '1,204'],
    [1204371, '1,204,371'],
  ])('countText(%d) is %s', (count, text) => expect(plain(countText(count))).toBe(text));

  test('cellsText knows one cell', () => {
    expect(plain(cellsText(1))).toBe('1 cell');
    expect(plain(cellsText(20000))).toBe('20,000 cells');
  });

  test.each([
    [0, '0 %'],
    [0.0004, '<0.1 %'],
    [0.24, '24.0 %'],
    [0.9996, '>99.9 %'],
    [1, '100 %'],
  ])('percentText(%d) is %s', (fraction, text) => expect(plain(percentText(fraction))).toBe(text));

  test('percentText without decimals tells little from none', () => {
    expect(plain(percentText(0.004, 0))).toBe('<1 %');
    expect(plain(percentText(0.996, 0))).toBe('>99 %');
    expect(plain(percentText(0.834, 0))).toBe('83 %');
  });

  test.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [-0.5, '−0.5'],
    [12.34, '12.3'],
    [1234, '1,234'],
    [2.5e7, '2.5e7'],
    [0.00001, '1.0e−5'],
  ])('numberText(%d) is %s', (value, text) => expect(plain(numberText(value))).toBe(text));
});
