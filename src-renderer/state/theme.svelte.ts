export type ThemeChoice = 'system' | 'light' | 'dark';
const KEY = 'cellpredx.theme';

/** Light or dark: as the system says, until a person chooses. */
export class Theme {
  choice = $state<ThemeChoice>('system');
  #systemDark = $state(false);
  readonly dark = $derived(this.choice === 'dark' || (this.choice === 'system' && this.#systemDark));
  readonly name = $derived<'light' | 'dark'>(this.dark ? 'dark' : 'light');

  constructor() {
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') this.choice = kept;
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    this.#systemDark = query.matches;
    query.addEventListener('change', (change) => (this.#systemDark = change.matches));
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    localStorage.setItem(KEY, choice);
  }
}
