import { screen } from '@testing-library/svelte';
import { expect } from 'vitest';

const roles = [
  'button',
  'link',
  'textbox',
  'combobox',
  'radio',
  'radiogroup',
  'switch',
  'slider',
  'img',
  'region',
  'dialog',
  'progressbar',
  'tab',
  'table',
  'navigation',
];

/** Everything a screen reader can name has a name, ids are unique, and what describes a control is there. */
export function expectAccessible(): void {
  const nameless = roles.filter(
    (role) => screen.queryAllByRole(role, { name: (name) => name.trim() === '' }).length > 0,
  );
  expect(nameless, 'roles with an element without a name').toEqual([]);
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  expect(
    ids.filter((id, place) => ids.indexOf(id) !== place),
    'ids used twice',
  ).toEqual([]);
  for (const attribute of ['aria-describedby', 'aria-labelledby'])
    for (const element of document.querySelectorAll(`[${attribute}]`))
      for (const id of element.getAttribute(attribute)!.split(' '))
        expect(document.getElementById(id), `${attribute} ${id}`).not.toBeNull();
  expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
}
