import type { AnnotationRequestInput } from '#contract/annotation-request';

/** The part of a draft that is worth keeping; what was found in the files is looked up again. */
export interface KeptDraft {
  readonly request: AnnotationRequestInput;
  readonly projectName: string;
  readonly directory: string;
  /** Paths typed and not added, by role; drafts kept before there were any have none. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Steps a person has been at and gone on from. */
  readonly left?: readonly string[];
}

const KEY = 'cellpredx.draft';
const VERSION = 1;

export function keepDraft(draft: KeptDraft): void {
  localStorage.setItem(KEY, JSON.stringify({ version: VERSION, ...draft }));
}

export function forgetDraft(): void {
  localStorage.removeItem(KEY);
}

/** The draft kept before, or null if there is none that can be understood. */
export function recallDraft(): KeptDraft | null {
  const text = localStorage.getItem(KEY);
  if (text === null) return null;
  try {
    const kept: unknown = JSON.parse(text);
    return isKept(kept) ? kept : null;
  } catch {
    forgetDraft(); // not written by this application
    return null;
  }
}

function isKept(value: unknown): value is KeptDraft {
  if (typeof value !== 'object' || value === null) return false;
  const { version, request, projectName, directory } = value as Partial<Record<string, unknown>>;
  if (version !== VERSION || typeof projectName !== 'string' || typeof directory !== 'string') return false;
  if (typeof request !== 'object' || request === null) return false;
  const { reference, query, label } = request as Partial<Record<string, unknown>>;
  return Array.isArray(reference) && Array.isArray(query) && typeof label === 'string';
}
