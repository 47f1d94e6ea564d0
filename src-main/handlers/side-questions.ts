import type { StudyChoice } from '#contract/annotation-request';
import type { EngineName } from '#engine/engine-report';
import type { GeneSetQuestion, MatchQuestion } from './services.ts';

/** What can be asked of the side process. It is our own program, so the questions need no further check. */
export type SideQuestion =
  | { readonly kind: 'inspect'; readonly choice: StudyChoice }
  | ({ readonly kind: 'match' } & MatchQuestion)
  | ({ readonly kind: 'gene-sets' } & GeneSetQuestion)
  | { readonly kind: 'archive'; readonly projectPath: string; readonly archive: string }
  | { readonly kind: 'engines' }
  | { readonly kind: 'engine'; readonly name: EngineName }
  | { readonly kind: 'why'; readonly projectPath: string; readonly runId: string; readonly cells: readonly number[] }
  | {
      readonly kind: 'export';
      readonly projectPath: string;
      readonly runId: string;
      readonly directory: string;
      readonly threshold: number | undefined;
    };
