import { statSync } from 'node:fs';
import { AppError } from '#core/base/app-error';
import type { ChromatinChoice } from '#contract/annotation-request';
import type { ParsedArguments } from './arguments.ts';
import { numberFrom, optional } from './option-values.ts';
import { pathArgument } from './path-argument.ts';

/** How fragments and peaks of one side are counted; the options without a side speak of the query, the annotation of both. */
export function chromatinOf(parsed: ParsedArguments, side: 'reference' | 'query'): ChromatinChoice {
  const barcodes = side === 'query' ? 'barcodes' : 'reference-barcodes';
  const peaks = parsed.value('reference-peaks');
  const own = side === 'reference' ? parsed.value('reference-annotation') : undefined;
  const annotation = own ?? parsed.value('annotation');
  const minimum = optional(parsed.value('minimum-fragments'), numberFrom);
  if (minimum !== undefined && !(Number.isInteger(minimum) && minimum >= 1)) {
    const value = parsed.value('minimum-fragments')!;
    throw new AppError('command.bad-value', { option: '--minimum-fragments', value, allowed: 'a whole number from 1' });
  }
  return {
    ...optional(parsed.value(barcodes), (path) => ({ barcodes: pathArgument(`--${barcodes}`, path) })),
    ...(annotation === undefined ? {} : { annotation: annotationArgument(annotation) }),
    ...(minimum === undefined ? {} : { minimumFragments: minimum }),
    ...(side === 'query' || peaks === undefined ? {} : { peaks: pathArgument('--reference-peaks', peaks) }),
  };
}

/** The path of a gene list, or the name of a build as it is. */
function annotationArgument(text: string): string {
  const path = pathArgument('--annotation', text);
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : text;
}
