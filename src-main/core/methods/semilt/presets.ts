import type { SemiLTSettings } from './settings.ts';

type Preset = Partial<SemiLTSettings>;

/** The recommended settings, the product mode: the released code with bounded strengths and enough steps for small studies. */
export function recommended(): Preset {
  return {};
}

/** As the paper prints the method; where it gives no number, the released code stands. */
export function paper(): Preset {
  return {
    countedLabels: 'reference',
    bounded: false,
    covarianceDivisor: 'paper',
    classification: 'paper',
    anchorCosine: -1,
    rareBonus: 1,
    l1Weight: 0,
    leastSteps: 1,
    calibration: false,
  };
}

/** As the released code runs. */
export function reproduce(): Preset {
  return { bounded: false, replacement: true, leastSteps: 1, calibration: false };
}
