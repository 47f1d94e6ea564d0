import { StudyChoice } from '#contract/annotation-request';
import { parseRepair } from '#formats/inspect/parse-repair';
import type { Repair } from '#formats/inspect/repair';
import type { ParsedArguments } from './arguments.ts';
import { chromatinOf } from './chromatin-options.ts';
import { pathArgument } from './path-argument.ts';

/** A run's reference or query: its files and how they are read. */
export function studyChoices(parsed: ParsedArguments, side: 'reference' | 'query'): StudyChoice[] {
  const labels = parsed.value(`${side}-labels`);
  const slot = parsed.value(`${side}-matrix`);
  const repairs = parsed.list(`${side}-repair`).map(parseRepair);
  const chromatin = chromatinOf(parsed, side);
  const chosen: Repair[] = slot === undefined ? repairs : [{ kind: 'use-matrix', slot }, ...repairs];
  return parsed.list(side).map((path) =>
    StudyChoice.parse({
      path: pathArgument(`--${side}`, path),
      repairs: chosen,
      ...(labels === undefined ? {} : { labelsFile: pathArgument(`--${side}-labels`, labels) }),
      ...(Object.keys(chromatin).length === 0 ? {} : { chromatin }),
    }),
  );
}
