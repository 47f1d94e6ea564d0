import type { TuningChoices } from '../../train/method.ts';
import type { KidaSettings } from './settings.ts';

/** Steps of the teacher and of the student in a trial at most. */
const TRIAL_STEPS = { teacher: 600, student: 300 };

/**
 * What tuning tries beside the preset: the teacher alone (KI), which is better where its surest cells are often wrong, and a student
 * that learns from fewer, surer cells.
 */
export const tuning: TuningChoices<KidaSettings> = {
  trials: () => [{ secondRound: false }, { anchorShare: 0.2 }],
  shortened: (settings) => ({
    ...settings,
    maxTeacherSteps: Math.min(settings.maxTeacherSteps, TRIAL_STEPS.teacher),
    maxStudentSteps: Math.min(settings.maxStudentSteps, TRIAL_STEPS.student),
  }),
};
