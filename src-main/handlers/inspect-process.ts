import { AppError } from '#core/base/app-error';
import { answerQuestion } from './answer-question.ts';
import type { SideProgress, SideReply } from './side-process.ts';
import type { SideQuestion } from './side-questions.ts';

/*
 * The side process: plain Node that answers questions about files and engines, one at a time. It ends when the program
 * that asks goes away.
 */

process.once('disconnect', () => process.exit(0));
process.on('message', (message) => {
  void answer(message as SideQuestion).then((reply) => process.send!(reply));
});

/** How far the answer is, at most every tenth of a second. */
let toldAt = 0;
function tell(progress: SideProgress['progress']): void {
  const now = performance.now();
  if (now - toldAt < 100) return;
  toldAt = now;
  process.send!({ progress } satisfies SideProgress);
}

async function answer(question: SideQuestion): Promise<SideReply> {
  try {
    return { ok: await answerQuestion(question, tell) };
  } catch (error) {
    if (error instanceof AppError) return { error: error.toWire() };
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
