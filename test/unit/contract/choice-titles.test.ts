import { expect, test } from 'vitest';
import { methodService } from '#handlers/method-service';
import { choiceTitle } from '../../../src-renderer/features/annotate/choice-titles.ts';

test('every choice of every setting of every method has a title in plain words, its own within the setting', async () => {
  const methods = await methodService().list();
  const choices = methods.flatMap(({ id, settings }) =>
    settings.flatMap(({ name, choices }) => (choices === null ? [] : [{ setting: `${id} ${name}`, choices }])),
  );
  expect(choices.length).toBeGreaterThan(0);
  for (const { setting, choices: words } of choices) {
    const titles = words.map(choiceTitle);
    expect(
      titles.filter((title, place) => title === words[place]),
      setting,
    ).toEqual([]);
    expect(new Set(titles).size, setting).toBe(words.length);
  }
});

test('every setting of every method says where it comes from', async () => {
  for (const { id, settings } of await methodService().list())
    expect(
      settings.filter(({ source }) => source === null).map(({ name }) => name),
      id,
    ).toEqual([]);
});
