import type { Route } from '../../state/router.svelte.ts';

/** The page of the guide that belongs to a screen. */
export function helpFor(route: Route): Extract<Route, { screen: 'help' }> {
  return { screen: 'help', page: pageFor(route) };
}

function pageFor(route: Route): string {
  switch (route.screen) {
    case 'home':
      return 'first-labels';
    case 'annotate':
      return {
        scenario: 'choosing-files',
        reference: 'choosing-files',
        query: 'choosing-files',
        match: 'repairs',
        method: 'methods',
        review: 'runs',
      }[route.step];
    case 'settings':
      return { engines: 'engines', storage: 'projects', appearance: 'engines', keyboard: 'first-labels' }[route.part];
    case 'project':
      return 'projects';
    case 'run':
      return 'runs';
    case 'help':
      return route.page;
  }
}
