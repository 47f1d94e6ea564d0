/**
 * What helps a run that failed: `resume` goes on from its last checkpoint, `again` is the same where the run has to begin anew
 * once something outside has been put right, `change` opens the annotation to change what it asks for.
 */
export type WayOn = 'resume' | 'again' | 'change';

/** Of areas and, before them, of single errors: what helps, the best first. */
const ways: Readonly<Record<string, readonly WayOn[]>> = {
  reading: ['change', 'again'], // the file may be put back or mended where it lies
  writing: ['again'],
  'reading.too-large-for-memory': ['change', 'again'],
  chromatin: ['change'],
  preparing: ['change'],
  training: ['change'],
  'training.engine-did-not-start': ['again', 'change'],
  'training.graphics-card-lost': ['resume', 'change'],
  'training.graphics-memory-full': ['resume', 'change'],
  request: ['change'],
  project: ['resume'],
  'project.damaged-array': ['change'],
  'project.run-out-of-memory': ['resume', 'change'],
  'project.run-crashed': ['resume', 'change'],
};

/**
 * The ways on after an error that ended a run, the best first and never none. A fault of ours, which no list knows, may be
 * gone at the next try.
 *
 * @param code of the error, e.g. `preparing.no-shared-features`
 */
export function waysOn(code: string): readonly WayOn[] {
  return ways[code] ?? ways[code.split('.')[0]!] ?? ['resume'];
}
