import fc from 'fast-check';

/** Generated cases are the same in every run; another seed is tried by `PROPERTY_SEED=…`. */
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 20_260_101) });
