import type { ThemeName } from '#charts/chart-theme';

/** What a person can ask for; high contrast is light or dark as the system says. */
export const appearances = ['system', 'light', 'dark', 'contrast'] as const;
export type AppearanceChoice = (typeof appearances)[number];
const KEY = 'cellpredx.theme';

/** How the window looks: as the system says, until a person chooses. The choice is kept for the next start. */
export class Appearance {
  #choice = $state<AppearanceChoice>('system');
  #systemDark = $state(false);
  #systemContrast = $state(false);
  readonly dark = $derived(
    this.#choice === 'dark' || ((this.#choice === 'system' || this.#choice === 'contrast') && this.#systemDark),
  );
  readonly contrast = $derived(this.#choice === 'contrast' || (this.#choice === 'system' && this.#systemContrast));
  /** The colours of the page and of its charts. */
  readonly theme = $derived<ThemeName>(`${this.dark ? 'dark' : 'light'}${this.contrast ? '-contrast' : ''}`);

  constructor() {
    this.#choice = appearances.find((known) => known === localStorage.getItem(KEY)) ?? 'system';
    const follow = (query: string, take: (matches: boolean) => void): void => {
      const media = window.matchMedia(query);
      take(media.matches);
      media.addEventListener('change', (change) => take(change.matches));
    };
    follow('(prefers-color-scheme: dark)', (matches) => (this.#systemDark = matches));
    follow('(prefers-contrast: more)', (matches) => (this.#systemContrast = matches));
  }

  get choice(): AppearanceChoice {
    return this.#choice;
  }

  choose(choice: AppearanceChoice): void {
    this.#choice = choice;
    localStorage.setItem(KEY, choice);
  }
}
