import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readGeneSets } from '#formats/gene-sets/read-gene-sets';
import { geneSetsFor, shippedGeneSets } from '#formats/gene-sets/shipped-gene-sets';
import { temporaryFolders } from '#test/support/temporary-folder';

const folder = temporaryFolders();

async function written(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder(), name);
  await writeFile(path, content);
  return path;
}

const text = [
  '# a comment',
  'T cells\thttps://example.org/t\tCD3D\tCD3E\tCD3D',
  '',
  'B cells\t\tMS4A1,1.0\tCD79A,0.5\t',
  'T cells\tanother of that name\tCD8A',
].join('\r\n');

test('sets keep their order, genes count once, weights and empty fields go, equal names are told apart', async () => {
  expect(await readGeneSets(await written('sets.gmt', text))).toEqual({
    name: 'sets.gmt',
    sets: [
      { name: 'T cells', genes: ['CD3D', 'CD3E'] },
      { name: 'B cells', genes: ['MS4A1', 'CD79A'] },
      { name: 'T cells (2)', genes: ['CD8A'] },
    ],
  });
});

test('a packed file gives the same sets', async () => {
  const plain = await readGeneSets(await written('a.gmt', text));
  const packed = await readGeneSets(await written('a.gmt.gz', gzipSync(text)));
  expect(packed.sets).toEqual(plain.sets);
});

test('a line without genes is refused with its number and its beginning', async () => {
  const path = await written('bad.gmt', 'good\tx\tA\tB\nonly a name\n');
  await expect(readGeneSets(path)).rejects.toMatchObject({
    code: 'reading.malformed-gene-sets',
    message: 'Line 2 of bad.gmt has 1 field separated by tabs and is no gene set: only a name',
  });
  const table = await written('table.gmt', 'gene,label\nCD3D,T\n');
  await expect(readGeneSets(table)).rejects.toThrow('Line 1 of table.gmt');
});

test('an empty file and one that is not there are refused by name', async () => {
  await expect(readGeneSets(await written('empty.gmt', '\n\n'))).rejects.toMatchObject({
    code: 'reading.no-gene-sets',
  });
  await expect(readGeneSets(join(folder(), 'none.gmt'))).rejects.toMatchObject({ code: 'reading.no-such-file' });
});

test('pathways are shipped for human and mouse, named in the way of the species, and for no unknown one', async () => {
  const [human, mouse] = [await shippedGeneSets('human'), await shippedGeneSets('mouse')];
  expect(human!.sets.length).toBeGreaterThan(1500);
  expect(mouse!.sets.length).toBeGreaterThan(1000);
  expect(human!.sets.some(({ genes }) => genes.includes('CD3D'))).toBe(true);
  expect(mouse!.sets.some(({ genes }) => genes.includes('Cd3d'))).toBe(true);
  expect(await shippedGeneSets('unknown')).toBeNull();
});

test('a file that is named is taken before those that ship, with the symbols of the first species that is known', async () => {
  const own = await geneSetsFor(await written('own.gmt', 'one\t\tA'), [{ species: 'unknown' }, { species: 'mouse' }]);
  expect(own!.name).toBe('own.gmt');
  expect(own!.symbolOf!.get('ENSMUSG00000032094')).toBe('Cd3d');
  expect(own!.symbolOf!.has('ENSG00000167286')).toBe(false);
  const shipped = await geneSetsFor(undefined, [{ species: 'human' }, { species: 'mouse' }]);
  expect(shipped!.name).toBe('Reactome, human (shipped)');
  expect(shipped!.symbolOf!.get('ENSG00000167286')).toBe('CD3D');
  const unknown = await geneSetsFor(await written('other.gmt', 'one\t\tA'), [{ species: 'unknown' }]);
  expect(unknown!.symbolOf).toBeUndefined();
});
