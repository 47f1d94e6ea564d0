import type { CdaScSettings } from './settings.ts';

type Preset = Partial<CdaScSettings>;

/** The recommended settings: the defaults. */
export function recommended(): Preset {
  return {};
}

/** As the paper prints the method; where it gives no number, the default stays. */
export function paper(): Preset {
  return { contrastiveReduction: 'sum', calibration: false };
}
