import type { TrainProgress } from '#core/train/method';
import type { Stage } from '#contract/run-events';

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export type TerminalProgress = ReturnType<typeof terminalProgress>;

/**
 * Shows what a run does. On a terminal one line is renewed at most ten times a second; elsewhere each stage
 * gives one line, and training one line for every tenth of its steps.
 */
export function terminalProgress(out: Terminal, now: () => number = () => performance.now()) {
  const live = out.isTTY === true;
  let shownAt = -Infinity;
  let stageText = '';
  let tenth = -1;

  const show = (text: string): void => {
    if (!live) {
      out.write(`${text}\n`);
      return;
    }
    if (now() - shownAt < 100) return;
    shownAt = now();
    out.write(`\r\u001b[2K${text}`);
  };

  return {
    engine(name: string): void {
      show(`Computing on ${name}`);
    },
    stage(_stage: Stage, fraction: number, text: string): void {
      if (!live && text === stageText) return;
      stageText = text;
      show(live && fraction > 0 ? `${text} … ${Math.round(fraction * 100)} %` : `${text} …`);
    },
    step({ step, steps, terms }: TrainProgress): void {
      const now10 = Math.floor((10 * step) / steps);
      if (!live && now10 === tenth) return;
      tenth = now10;
      show(`Step ${step} of ${steps}, loss ${(terms['total'] ?? NaN).toPrecision(4)}`);
    },
    /** Clears the line that was renewed. */
    end(): void {
      if (live) out.write('\r\u001b[2K');
    },
  };
}
