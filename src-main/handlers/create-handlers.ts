import type { Handlers } from '#contract/requests';
import { fileHandlers } from './file-handlers.ts';
import { projectHandlers } from './project-handlers.ts';
import { resultHandlers } from './result-handlers.ts';
import { runHandlers } from './run-handlers.ts';
import type { Services } from './services.ts';
import { storageHandlers } from './storage-handlers.ts';
import { studyHandlers } from './study-handlers.ts';

/** One handler per request of the contract: a missing or misspelt one does not compile. */
export function createHandlers(services: Services): Handlers {
  return {
    ...fileHandlers(services),
    ...studyHandlers(services),
    ...projectHandlers(services),
    ...runHandlers(services),
    ...resultHandlers(services),
    ...storageHandlers(services),
  };
}
