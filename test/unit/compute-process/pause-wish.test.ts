import { expect, test, vi } from 'vitest';
import { PauseWish } from '#compute/pause-wish';

test('during training the run stops once a checkpoint has been written, and not before', () => {
  const stop = vi.fn();
  const pause = new PauseWish(stop);
  pause.stage('train');
  pause.begins();
  pause.kept();
  pause.ask();
  expect(stop).not.toHaveBeenCalled();
  pause.kept();
  expect(stop).toHaveBeenCalledOnce();
});

test('outside of training it stops at once, also when training ends before a checkpoint', () => {
  const reading = vi.fn();
  const early = new PauseWish(reading);
  early.stage('read');
  early.ask();
  expect(reading).toHaveBeenCalledOnce();

  const ended = vi.fn();
  const late = new PauseWish(ended);
  late.stage('train');
  late.begins();
  late.ask();
  late.stage('train'); // told again with its share
  expect(ended).not.toHaveBeenCalled();
  late.stage('predict');
  expect(ended).toHaveBeenCalledOnce();
});

test('in training it stops at once as long as nothing is kept, as in the trials of tuning', () => {
  const stop = vi.fn();
  const pause = new PauseWish(stop);
  pause.stage('train');
  pause.ask();
  expect(stop).toHaveBeenCalledOnce();
});
