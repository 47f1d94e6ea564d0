import type { CommandId } from '#contract/commands';
import type { Route, Router } from './router.svelte.ts';

const places: Readonly<Record<CommandId, Route>> = {
  'new-annotation': { screen: 'annotate', step: 'scenario' },
  'open-project': { screen: 'home' },
  home: { screen: 'home' },
  settings: { screen: 'settings', part: 'appearance' },
  engines: { screen: 'settings', part: 'engines' },
  keyboard: { screen: 'settings', part: 'keyboard' },
  help: { screen: 'help', page: 'first-labels' },
};

/** Does what a command of the menu or of the keyboard says: each leads to a place. */
export function runCommand(id: CommandId, router: Router): void {
  router.go(places[id]);
}
