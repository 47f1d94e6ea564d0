import { expect, test } from 'vitest';
import { kida } from '#core/methods/kida/index';
import { kidaSettings } from '#core/methods/kida/settings';
import { tokenMask } from '#core/methods/kida/token-mask';
import { alignPair } from '#core/prepare/align-pair';
import { createNeighbourSearch } from '#engine/neighbours/neighbour-search';
import { geneSetsFor } from '#formats/gene-sets/shipped-gene-sets';
import { readPair } from '#formats/pair/read-pair';
import { fitGeneSets } from '#handlers/fit-gene-sets';
import { hasSharedData, sharedData } from '#test/support/shared-data';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const choice = (file: string) => [{ path: sharedData(`cell-lines-mixology/${file}`), repairs: [] }];
const files = { reference: choice('celseq2.h5ad'), query: choice('dropseq.h5ad') };

test.skipIf(!hasSharedData)(
  'studies of Ensembl ids are read through as many of the shipped gene sets as the check of the wizard counted',
  async () => {
    const fit = await fitGeneSets(files);
    expect(fit).toMatchObject({ name: 'Reactome, human (shipped)', smallest: 5, largest: 300 });
    expect(fit.bySymbol).toBeGreaterThan(0.9 * fit.studyGenes!);
    expect(fit.usable).toBeGreaterThan(500);

    const { reference, query } = await readPair({ ...files, harmonise: 'auto' });
    expect(reference.features.idType).toBe('ensembl');
    const pair = await alignPair({
      ...{ reference, query, labelColumn: 'cell_type', scenario: 'rna-rna', seed: 1 },
      choices: kida.preparation(kidaSettings.parse({}), 'rna-rna'),
      neighbours: createNeighbourSearch(),
    });
    const geneSets = (await geneSetsFor(undefined, [reference, query]))!;
    const mask = tokenMask(pair.features, geneSets, kidaSettings.parse({ tokens: 5000 }));
    expect(mask.names).toHaveLength(fit.usable + 1);

    const settings = kidaSettings.parse({ tokens: 20, width: 4, maxTeacherSteps: 1 });
    const model = await kida.train(pair, settings, { seed: 1, geneSets, report: () => undefined });
    expect(model.notes!.map(({ text }) => text).join(' ')).toMatch(
      /through 19 of the [\d,]+ gene sets of Reactome, human \(shipped\), .* are Ensembl ids, compared by their symbols/,
    );
    model.dispose();
  },
);
