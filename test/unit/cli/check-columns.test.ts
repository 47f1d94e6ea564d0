import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AnnotationRequest } from '#contract/annotation-request';
import { temporaryFolders } from '#test/support/temporary-folder';
import { checkColumns } from '../../../src-main/cli/check-columns.ts';

const newFolder = temporaryFolders();

/** A table of two cells with a column of text, and a labels file for them. */
function files(): { study: string; other: string; labels: string } {
  const folder = newFolder();
  const at = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    study: at('study.csv', 'cell,type,G1,G2\nc1,B,1,0\nc2,T,0,2\n'),
    other: at('other.csv', 'cell,G1,G2\nd1,1,0\nd2,0,2\n'),
    labels: at('labels.csv', 'cell,type,tissue\nc1,b,blood\nc2,t,skin\n'),
  };
}

const request = (given: object): AnnotationRequest => AnnotationRequest.parse({ label: 'type', ...given });

describe('checkColumns', () => {
  test('accepts columns of the file, of its labels file, and of one file among several', async () => {
    const { study, other, labels } = files();
    const [reference, query] = [[{ path: study }], [{ path: other }]];
    const joined = [{ path: study, labelsFile: labels }];
    await checkColumns(request({ reference, query }));
    for (const label of ['tissue', 'type', 'type (study)'])
      await checkColumns(request({ reference: joined, query, label }));
    const both = [{ path: other }, { path: study }];
    for (const truth of ['type', 'batch']) await checkColumns(request({ reference, query: both, truth }));
  });

  test('names the columns that are there where one is missing', async () => {
    const { study, other } = files();
    const [reference, query] = [[{ path: study }], [{ path: other }]];
    await expect(checkColumns(request({ reference, query, label: 'tissue' }))).rejects.toMatchObject({
      code: 'preparing.no-such-label-column',
      details: { study: 'study.csv', column: 'tissue', columns: ['type'] },
    });
    await expect(checkColumns(request({ reference, query, truth: 'type' }))).rejects.toMatchObject({
      code: 'command.no-such-column',
      details: { file: 'other.csv', column: 'type', known: 'none' },
    });
    await expect(checkColumns(request({ reference, query: [{ path: join(study, 'x') }] }))).rejects.toMatchObject({
      code: 'reading.no-such-file',
    });
  });

  test('refuses a file that is not there also where the run has no use for it', async () => {
    const { study, other } = files();
    const gone = join(newFolder(), 'gone.tsv');
    const [reference, query] = [[{ path: study }], [{ path: other }]];
    for (const given of [
      { reference, query: [{ path: other, chromatin: { barcodes: gone } }] },
      { reference: [{ path: study, chromatin: { peaks: gone } }], query },
      { reference, query, chain: gone },
      { reference, query, geneSets: gone },
    ]) {
      await expect(checkColumns(request(given))).rejects.toMatchObject({ code: 'reading.no-such-file' });
    }
  });

  test('knows the columns of fragments: those of the list of their cells and of the labels file', async () => {
    const folder = newFolder();
    const at = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const path = at('fragments.tsv', 'chr1\t10\t20\tAAACCCAAGGTT-1\t1\nchr1\t30\t40\tAAACCCAAGGTA-1\t2\n');
    const barcodes = at('cells.tsv', 'barcode\tdonor\nAAACCCAAGGTT-1\tD1\n');
    const labelsFile = at('labels.csv', 'cell,type\nAAACCCAAGGTT-1,B\n');
    const query = [{ path: files().other }];
    for (const label of ['donor', 'type']) {
      await checkColumns(request({ reference: [{ path, labelsFile, chromatin: { barcodes } }], query, label }));
    }
    await checkColumns(request({ reference: [{ path, labelsFile }], query }));
    await expect(checkColumns(request({ reference: [{ path }], query }))).rejects.toMatchObject({
      code: 'preparing.no-such-label-column',
    });
    await expect(
      checkColumns(request({ reference: [{ path, chromatin: { barcodes: join(folder, 'gone') } }], query })),
    ).rejects.toMatchObject({ code: 'reading.no-such-file' });
    const bed = at('peaks.bed', 'chr1\t10\t20\n');
    await checkColumns(request({ reference: [{ path, labelsFile }], query, queryPeaks: { path: bed } }));
  });
});
