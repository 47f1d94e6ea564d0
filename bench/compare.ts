/**
 * The same work here and in PyTorch, in turns on this computer: a step against dense and released code, memory, the interpreter,
 * and what twice the genes cost. Trainings are carried out from bundles, as the application carries them out, with both studies in
 * memory and with rows read from files batch by batch, as those of large studies. PYTHON names a python that has torch; without one only the figures of this side are printed.
 *
 *     PYTHON=venv/bin/python npm run bench -- compare
 *     ROUNDS=5 STEPS=20 PYTHON=… npm run bench -- compare
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InterpreterSpeed } from './measure/interpreter.ts';
import type { TrainingTimes } from './measure/training.ts';
import { bundled } from './support/bundle.ts';
import { inOwnProcess, type Memory } from './support/own-process.ts';
import { aligned, machine, numbersOf, readable, type TableCell } from './support/table.ts';
import { type TorchInterpreter, type TorchStep, torchRows, torchVersion } from './support/torch.ts';

const [rounds, steps] = [numbersOf('ROUNDS', [2])[0]!, numbersOf('STEPS', [12])[0]!];
const threads = availableParallelism();
const BATCH = 512;
const CELLS = 2048;
const torch = torchVersion();
const withTorch = 'version' in torch;

type Times = TrainingTimes & Memory;
const lines: TableCell[][] = [];
const bundles = await bundled('training', 'random-rows');
const scratch = mkdtempSync(join(tmpdir(), 'cellpredx-rows-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const { engine } = compareStep(17_441, 0.09, { dense: 3, released: 100, memory: 0.25 });
compareStep(17_441, 0.2, { dense: 3, released: 100, memory: 0.25 });
compareStep(1677, 0.0626, { dense: 1.5 });
compareGrowth(17_441, 0.09, 1.3);
compareInterpreter(1677, 0.0626, 200);
compareInterpreter(13_177, 0.09, 200);

const other = withTorch ? `PyTorch ${torch.version}, ${threads} threads` : `no PyTorch: ${torch.absent}`;
console.log(`${machine()}\n${engine}; ${other}`);
console.log(`Batches of ${BATCH}, best step of ${rounds} rounds of ${steps} steps, taken in turns.`);
console.log(aligned(['measure', 'here', 'PyTorch', 'ratio', 'wanted', 'reached'], lines));

/** One size: the step against the ways of PyTorch, and the memory of the training. Gives back the best round of this side. */
function compareStep(
  genes: number,
  density: number,
  wanted: { dense: number; released?: number; memory?: number },
): Times {
  const [mine, filed]: [Times[], Times[]] = [[], []];
  const theirs: TorchStep[] = [];
  const folder = mkdtempSync(join(scratch, 'pair-'));
  measured('random-rows', { genes, density, cells: CELLS, folder });
  for (let round = 0; round < rounds; round++) {
    mine.push(training(genes, density));
    filed.push(training(genes, density, folder));
    theirs.push(...torchSteps(genes, density, steps, 'dense', 'plain'));
  }
  theirs.push(...torchSteps(genes, density, 2, 'released'));
  rmSync(folder, { recursive: true });
  const [here, fromFiles] = [fastest(mine)!, fastest(filed)!];
  const way = (name: TorchStep['way']): TorchStep | undefined => fastest(theirs.filter((step) => step.way === name));
  const dense = way('dense');

  const name = `step, ${genes} genes, ${readable(100 * density)} %`;
  faster(`${name}; dense, optimised`, here.ms, dense?.ms, wanted.dense);
  faster(`${name}; dense, plainly written`, here.ms, way('plain')?.ms);
  faster(`${name}; released code`, here.ms, way('released')?.ms, wanted.released);
  smaller('its peak memory', [here.peakBytes, dense?.peak_bytes]);
  const loaded = dense && dense.peak_bytes - dense.start_bytes;
  smaller('its peak memory beyond the loaded program', [here.peakBytes - here.startBytes, loaded]);
  faster('with rows from files; dense, optimised', fromFiles.ms, dense?.ms, wanted.dense);
  smaller('its peak memory', [fromFiles.peakBytes, dense?.peak_bytes], wanted.memory);
  return here;
}

/** What a step costs when there are twice the genes and as many values. */
function compareGrowth(genes: number, density: number, wanted: number): void {
  const [one, two]: [Times[], Times[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    one.push(training(genes, density));
    two.push(training(2 * genes, density / 2));
  }
  const [before, after] = [fastest(one)!.ms, fastest(two)!.ms];
  const ratio = after / before;
  const here = `${readable(before)} → ${readable(after)} ms`;
  lines.push([
    `step, ${genes} → ${2 * genes} genes, equal values`,
    here,
    null,
    ratio,
    `< ${wanted}`,
    verdict(ratio < wanted),
  ]);
}

function compareInterpreter(genes: number, density: number, wanted: number): void {
  const speed = inOwnProcess<InterpreterSpeed>('interpreter', { genes, density, cells: 4000 });
  if ('refused' in speed) throw new Error(speed.refused);
  const sizes = ['--genes', genes, '--density', density, '--repeats', 4, '--threads', threads];
  const [theirs] = withTorch ? torchRows<TorchInterpreter>('--interpreter', ...sizes) : [];
  const name = `a cell of ${genes} genes`;
  faster(`attributions and top 100, ${name}`, 1000 / speed.attributedPerSecond, theirs?.ms_per_cell, wanted);
  faster(`… and fold changes, features of labels`, 1000 / speed.cellsPerSecond, theirs?.ms_per_cell);
}

function training(genes: number, density: number, stored?: string): Times {
  return measured<TrainingTimes>('training', {
    engine: 'wasm',
    genes,
    density,
    batch: BATCH,
    steps,
    cells: CELLS,
    stored,
  });
}

function measured<Result>(measure: string, argument: unknown): Result & Memory {
  const found = inOwnProcess<Result>(measure, argument, bundles);
  if ('refused' in found) throw new Error(found.refused);
  return found;
}

function torchSteps(
  genes: number,
  density: number,
  repeats: number,
  ...ways: TorchStep['way'][]
): readonly TorchStep[] {
  const sizes = ['--genes', genes, '--density', density, '--batch', BATCH, '--repeats', repeats, '--threads', threads];
  return withTorch ? torchRows<TorchStep>(...sizes, '--ways', ...ways) : [];
}

function fastest<T extends { readonly ms: number }>(times: readonly T[]): T | undefined {
  return times.toSorted((a, b) => a.ms - b.ms)[0];
}

/** A line for milliseconds, with how many times faster this side is. */
function faster(name: string, here: number, there: number | undefined, wanted?: number): void {
  const ratio = there === undefined ? null : there / here;
  const reached = ratio === null || wanted === undefined ? null : verdict(ratio >= wanted);
  const theirs = there === undefined ? null : `${readable(there)} ms`;
  lines.push([name, `${readable(here)} ms`, theirs, ratio, wanted === undefined ? null : `≥ ${wanted} times`, reached]);
}

/** A line for bytes, with the share that this side needs. */
function smaller(name: string, [here, there]: [number, number | undefined], wanted?: number): void {
  const ratio = there === undefined ? null : here / there;
  const reached = ratio === null || wanted === undefined ? null : verdict(ratio <= wanted);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const theirs = there === undefined ? null : megabytes(there);
  lines.push([name, megabytes(here), theirs, ratio, wanted === undefined ? null : `≤ ${wanted}`, reached]);
}

function verdict(reached: boolean): string {
  return reached ? 'yes' : 'no';
}
