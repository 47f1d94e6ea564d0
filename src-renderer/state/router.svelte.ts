export const annotateSteps = ['scenario', 'reference', 'query', 'match', 'method', 'review'] as const;
export type AnnotateStep = (typeof annotateSteps)[number];

export const settingsParts = ['engines', 'storage', 'appearance', 'keyboard'] as const;
export type SettingsPart = (typeof settingsParts)[number];

export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'annotate'; readonly step: AnnotateStep }
  | { readonly screen: 'settings'; readonly part: SettingsPart }
  | { readonly screen: 'help'; readonly page: string; readonly section?: string }
  | { readonly screen: 'project'; readonly path: string }
  | { readonly screen: 'run'; readonly path: string; readonly runId: string };

/** Which screen is shown. The address keeps it, so a reload and the back button lead to the same place. */
export class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      this.route = parseRoute(location.hash);
    });
  }

  go(route: Route): void {
    this.route = route;
    location.hash = writeRoute(route);
  }
}

/** The address of a screen, e.g. `#/run/<project>/<run>`. */
export function writeRoute(route: Route): string {
  switch (route.screen) {
    case 'home':
      return '#/';
    case 'annotate':
      return `#/annotate/${route.step}`;
    case 'settings':
      return `#/settings/${route.part}`;
    case 'help':
      return `#/help/${[route.page, ...(route.section ? [route.section] : [])].map(encodeURIComponent).join('/')}`;
    case 'project':
      return `#/project/${encodeURIComponent(route.path)}`;
    case 'run':
      return `#/run/${encodeURIComponent(route.path)}/${encodeURIComponent(route.runId)}`;
  }
}

/** The screen of an address; home for one that leads nowhere. */
export function parseRoute(hash: string): Route {
  const [screen, first, second] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (screen === 'annotate') return { screen, step: annotateSteps.find((step) => step === first) ?? annotateSteps[0] };
  if (screen === 'settings') return { screen, part: settingsParts.find((part) => part === first) ?? settingsParts[0] };
  if (screen === 'help') return { screen, page: first || 'first-labels', ...(second ? { section: second } : {}) };
  if (screen === 'project' && first) return { screen, path: first };
  if (screen === 'run' && first && second) return { screen, path: first, runId: second };
  return { screen: 'home' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a hand-typed address with a lone % is not an encoded one
  }
}
