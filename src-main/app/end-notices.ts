import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { endNotice, type EndNotice } from '#contract/end-notice';
import type { RunEvent } from '#contract/run-events';
import type { RunSummary } from '#contract/run-result';
import type { NoticeChoice, RunService } from '#handlers/services';

/** Whether the person wishes to be told, kept in a small file; a file that cannot be read counts as no. */
export function keptNoticeChoice(file: string): NoticeChoice {
  let on = read(file);
  return {
    get: () => on,
    set(wish) {
      on = wish;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ on }));
    },
  };
}

/**
 * Shows a notification when a run has ended, where the person wishes it and no window is in front.
 *
 * @param show puts it on the screen; it leads to the window
 */
export function tellEnds(
  runs: Pick<RunService, 'subscribe' | 'queue'>,
  choice: NoticeChoice,
  { inFront, show }: { readonly inFront: () => boolean; readonly show: (notice: EndNotice) => void },
): () => void {
  const known = new Map<string, RunSummary>();
  const learnNames = async (): Promise<void> => {
    for (const { run } of await runs.queue()) known.set(run.runId, run);
  };
  return runs.subscribe((event: RunEvent) => {
    if (event.kind === 'queued' || event.kind === 'started') void learnNames();
    const notice = endNotice(event, known.get(event.runId));
    if (notice !== null && choice.get() && !inFront()) show(notice);
  });
}

function read(file: string): boolean {
  try {
    return z.object({ on: z.boolean() }).safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.on ?? false;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
