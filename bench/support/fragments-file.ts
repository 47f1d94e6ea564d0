import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { bgzip } from '../../test/support/bgzip.ts';
import { type SimulatedFragments, simulatedFragments } from './simulated-fragments.ts';

const endBlock = 28;

/** Writes simulated fragments as `fragments.tsv.gz` is written by Cell Ranger: bgzip, five columns, headers, sorted. */
export async function writeFragmentsFile(path: string, simulated: SimulatedFragments): Promise<void> {
  const file = createWriteStream(path);
  const write = async (text: string, last = false): Promise<void> => {
    const { bytes } = bgzip(text);
    if (!file.write(last ? bytes : bytes.subarray(0, -endBlock))) await once(file, 'drain');
  };
  await write('# id=simulated\n# pipeline_name=none\n');
  for (const { length, contig, contigs, start, end, barcode, barcodes } of simulatedFragments(simulated)) {
    const lines: string[] = [];
    for (let i = 0; i < length; i++) {
      lines.push(`${contigs[contig[i]!]}\t${start[i]}\t${end[i]}\t${barcodes[barcode[i]!]}\t${1 + (i % 3)}\n`);
    }
    await write(lines.join(''));
  }
  await write('', true);
  file.end();
  await once(file, 'close');
}
