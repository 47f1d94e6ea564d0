import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EveryBarcode } from '#core/chromatin/cell-rows';
import type { FragmentBlock } from '#core/chromatin/fragment-block';
import { type ActivityCounter, GeneActivityCounter } from '#core/chromatin/gene-activity';
import { WeightedActivityCounter } from '#core/chromatin/weighted-activity';
import { storedIn } from '#core/data/sparse-rows';
import type { GeneModel } from '#core/chromatin/gene-model';
import { windowWidth } from '#formats/chromatin/fragment-columns';
import { readFragmentsStudy } from '#formats/chromatin/read-fragments-study';
import { FragmentReading } from '#formats/fragments/fragment-reading';
import { RowFiles } from '#store/row-store';
import { answer } from '../support/own-process.ts';
import { type SimulatedFragments, simulatedFragments, simulatedGenes } from '../support/simulated-fragments.ts';

export interface ActivityCase {
  readonly model: 'body' | 'weighted';
  readonly genes: number;
  /** A fragments file, or fragments that are made as they are counted. */
  readonly from: string | SimulatedFragments;
  /** As the application does it: with the quality of the cells, told from background, and windows; rows beyond memory on disk. */
  readonly asStudy?: boolean;
}

export interface ActivityTime {
  readonly fragments: number;
  /** From the first fragment to the finished matrix. */
  readonly seconds: number;
  /** Processor time of all threads in it, and that of the counter alone: blocks, and the matrix at the end. */
  readonly processorSeconds: number;
  readonly countingSeconds: number;
  readonly finishingSeconds: number;
  /** Stored values of the matrix. */
  readonly values: number;
  /** Insertions that lie in a gene, 0 … 1. */
  readonly used: number;
}

/** Counts all fragments, every barcode a cell, in memory. */
export async function activityTime({ model, genes, from, asStudy }: ActivityCase): Promise<ActivityTime> {
  const models = simulatedGenes(genes, 1);
  if (asStudy === true && typeof from === 'string') return studyTime(model, models, from);
  const counter: ActivityCounter =
    model === 'body' ? new GeneActivityCounter(models) : new WeightedActivityCounter(models);
  const cells = new EveryBarcode();
  const blocks: AsyncIterable<FragmentBlock> | Iterable<FragmentBlock> =
    typeof from === 'string' ? new FragmentReading(from) : simulatedFragments(from);
  const [begun, beforehand] = [performance.now(), process.cpuUsage()];
  let [fragments, countingSeconds] = [0, 0];
  for await (const block of blocks) {
    const start = threadSeconds();
    counter.add(block, cells);
    countingSeconds += threadSeconds() - start;
    fragments += block.length;
  }
  const start = threadSeconds();
  const { matrix, share } = await counter.result(cells.rows);
  const { user, system } = process.cpuUsage(beforehand);
  return {
    fragments,
    seconds: (performance.now() - begun) / 1000,
    processorSeconds: (user + system) / 1e6,
    countingSeconds,
    finishingSeconds: threadSeconds() - start,
    values: storedIn(matrix),
    used: share.used / share.total,
  };
}

/** The whole way from a file to a study, as a run goes it; there is no counting alone in it. */
async function studyTime(
  model: ActivityCase['model'],
  models: readonly GeneModel[],
  from: string,
): Promise<ActivityTime> {
  const annotation = `${from}.genes.bed`;
  const lines = models.map((gene) => `${gene.contig}\t${gene.start}\t${gene.end}\t${gene.name}\t${gene.strand}\n`);
  await writeFile(annotation, lines.join(''));
  await using store = new RowFiles(dirname(from));
  const [begun, beforehand] = [performance.now(), process.cpuUsage()];
  const columns = { kind: 'gene-activity', weighted: model === 'weighted' } as const;
  const choice = { path: from, repairs: [], chromatin: { annotation, minimumFragments: 1 } };
  const { study, share, fragments } = await readFragmentsStudy(choice, {
    columns,
    store,
    also: { kind: 'windows', width: windowWidth },
  });
  const { user, system } = process.cpuUsage(beforehand);
  await rm(annotation);
  return {
    fragments: fragments.ofCells + fragments.ofOthers,
    seconds: (performance.now() - begun) / 1000,
    processorSeconds: (user + system) / 1e6,
    countingSeconds: Number.NaN,
    finishingSeconds: Number.NaN,
    values: storedIn(study.matrix),
    used: share.used / share.total,
  };
}

/** Processor time that this thread has had: other programs and threads do not count. */
function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

if (import.meta.main) await answer(activityTime);
