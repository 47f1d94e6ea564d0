import type { KidaSettings } from './settings.ts';

type Preset = Partial<KidaSettings>;

/** The recommended settings: the defaults. */
export function recommended(): Preset {
  return {};
}

/** KI, the method without its second round. */
export function ki(): Preset {
  return { secondRound: false };
}

/** As the paper prints the method: sizes, a student that begins afresh, and no calibration. Takes hours. */
export function paper(): Preset {
  return {
    geneChoice: 'variable',
    setRanking: 'enriched',
    width: 128,
    depth: 4,
    heads: 8,
    student: 'fresh',
    teacherPasses: 6,
    minTeacherSteps: 1,
    labelShares: false,
    schedule: 'constant',
    distillationDirection: 'from-student',
    maxTeacherSteps: 1_000_000,
    maxStudentSteps: 1_000_000,
    calibration: false,
  };
}

/** As the released code computes, as far as its network and its losses go; see the README for what is left out. */
export function reproduce(): Preset {
  return {
    tokenLayout: 'interleaved',
    optimiser: 'sgd',
    schedule: 'cosine',
    weightDecay: 5e-5,
    batchSize: 8,
    teacherPasses: 3,
    minTeacherSteps: 1,
    labelShares: false,
    studentPasses: 30,
    maxTeacherSteps: 1_000_000,
    maxStudentSteps: 1_000_000,
    meanEntropyWeight: 0.3,
    teacherClusteringWeight: 0.7,
    clusteringForm: 'code',
    distillationAverage: 'elements',
    calibration: false,
  };
}
