import { createContext } from 'svelte';
import type { Client } from '#api/client';
import { Appearance } from './appearance.svelte.ts';
import { BrokenRuns } from './broken-runs.svelte.ts';
import { Draft } from './draft.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Router } from './router.svelte.ts';
import { Session } from './session.svelte.ts';

/** All state that screens share, given to them through context. */
export class App {
  readonly client: Client;
  readonly router = new Router();
  readonly appearance = new Appearance();
  readonly session: Session;
  readonly draft: Draft;
  readonly notices: Notices;
  readonly brokenRuns: BrokenRuns;

  constructor(client: Client) {
    this.client = client;
    this.session = new Session(client);
    this.draft = new Draft(client);
    this.notices = new Notices(client);
    this.brokenRuns = new BrokenRuns(client);
  }
}

export const [useApp, provideApp] = createContext<App>();
