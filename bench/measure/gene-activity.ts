import { EveryBarcode } from '#core/chromatin/cell-rows';
import type { FragmentBlock } from '#core/chromatin/fragment-block';
import { type ActivityCounter, GeneActivityCounter } from '#core/chromatin/gene-activity';
import { WeightedActivityCounter } from '#core/chromatin/weighted-activity';
import { storedIn } from '#core/data/sparse-rows';
import { FragmentReading } from '#formats/fragments/fragment-reading';
import { answer } from '../support/own-process.ts';
import { type SimulatedFragments, simulatedFragments, simulatedGenes } from '../support/simulated-fragments.ts';

export interface ActivityCase {
  readonly model: 'body' | 'weighted';
  readonly genes: number;
  /** A fragments file, or fragments that are made as they are counted. */
  readonly from: string | SimulatedFragments;
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
export async function activityTime({ model, genes, from }: ActivityCase): Promise<ActivityTime> {
  const models = simulatedGenes(genes, 1);
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

/** Processor time that this thread has had: other programs and threads do not count. */
function threadSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

if (import.meta.main) await answer(activityTime);
