import { createContext } from 'svelte';
import type { Client } from '#api/client';
import { Draft } from './draft.svelte.ts';
import { Router } from './router.svelte.ts';
import { Session } from './session.svelte.ts';
import { Theme } from './theme.svelte.ts';

/** All state that screens share, given to them through context. */
export class App {
  readonly client: Client;
  readonly router = new Router();
  readonly theme = new Theme();
  readonly session: Session;
  readonly draft: Draft;

  constructor(client: Client) {
    this.client = client;
    this.session = new Session(client);
    this.draft = new Draft(client);
  }
}

export const [useApp, provideApp] = createContext<App>();
