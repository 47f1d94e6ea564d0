import { z } from 'zod';

/** What Auto leaves to a person: nearly nothing, for its members are taken as they are recommended. */
export const autoSettings = z.strictObject({
  neighbours: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('Nearest query cells that are looked at, in CellPredX and when labels settle among neighbours.')
    .meta({ title: 'Neighbours', group: 'Consensus', advanced: true, source: 'as in CellPredX: 10' }),
  settle: z
    .boolean()
    .default(true)
    .describe(
      'Let labels settle among neighbouring query cells, each label as strongly as its neighbours agree; without it each cell stands alone.',
    )
    .meta({ title: 'Settle among neighbours', group: 'Consensus', advanced: false, source: 'ours' }),
});
export type AutoSettings = z.output<typeof autoSettings>;
