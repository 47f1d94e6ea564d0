import {
  normalisedTanh,
  sigmoidGradient,
  sigmoidRows,
} from './attention';
import { nearestRows } from './alignment';
import { panelProduct, product, transposedProduct } from './dense';
import { explainRows, tallyRows } from './interpret';
import { nearestCells } from './neighbours';
import {
  panel,
  raisedGradient,
  raisedSimilarities,
  raisedSums,
  unitRows,
  unitRowsGradient,
  widePanel,
} from './similarity';
import { shiftProduct, sparseProduct, sparseTransposedProduct } from './sparse';
import { normaliseStrip, normaliseStripGradient } from './strip-normalisation';
import { stripGradientStep, stripProduct } from './strips';
import { setThread } from './thread';
import { tiledGradientStep } from './tiled-gradient';
import { sumOfPartitions, tiledProduct } from './tiled-product';
import { makeTiles } from './tiles';

export * from './alignment';
export * from './attention';
export * from './dense';
export * from './interpret';
export * from './labels';
export * from './neighbours';
export * from './similarity';
export * from './sparse';
export * from './strip-normalisation';
export * from './strips';
export * from './tiled-gradient';
export * from './tiled-product';
export * from './tiles';

/*
 * Threads. Every thread runs an instance of this module over the same memory. A job is a function below, a number of items and
 * arguments; threads claim items one by one until none is left. What an item computes does not depend on who computes it.
 *
 * The control block: `ticket` (uint64: 20 bits number of the job, 22 bits items, 22 bits next item), `done` (uint32 items finished),
 * `sleeping` (uint32 threads that wait), `kind` (uint32 function), `stop` (uint32), and from byte 64 the arguments, 4 bytes each.
 */
const TICKET: u32 = 0;
const DONE: u32 = 8;
const KIND: u32 = 16;
const STOP: u32 = 20;
const BELL: u32 = 24;
const ARGUMENTS: u32 = 64;

const NEXT_BITS: u64 = 22;
const NEXT: u64 = (1 << NEXT_BITS) - 1;

/** How often a thread looks again before it goes to sleep; about 50 µs. */
const LOOKS: u32 = 4000;

/** The largest number of items of one job. */
export const MOST_ITEMS: u32 = 1 << 21;

/**
 * The life of a helping thread: works on every job until `stop` is set.
 * @param control address of the control block @param thread 1, 2, …: its number
 */
export function help(control: u32, thread: u32): void {
  setThread(thread);
  let heard: u32 = 0;
  while (true) {
    let looks: u32 = 0;
    while (atomic.load<u32>(control, BELL) == heard) {
      if (++looks > LOOKS) atomic.wait<i32>(control + BELL, heard, -1);
    }
    heard = atomic.load<u32>(control, BELL);
    if (atomic.load<u32>(control, STOP) != 0) return;
    claimItems(control);
  }
}

/** Carries out a job together with the helping threads; comes back when every item is done. */
export function run(control: u32, kind: u32, items: u32, helpers: u32): void {
  if (helpers == 0 || items == 1) {
    for (let item: u32 = 0; item < items; item++) carryOut(kind, item, control + ARGUMENTS);
    return;
  }
  begin(control, kind, items, helpers);
  finish(control, items);
}

/** Hands a job to the helping threads and comes back at once; `finish` must follow. @param helpers 0: `finish` does it all */
export function begin(control: u32, kind: u32, items: u32, helpers: u32): void {
  store<u32>(control, kind, KIND);
  atomic.store<u32>(control, 0, DONE);
  const number = (atomic.load<u64>(control, TICKET) >> (2 * NEXT_BITS)) + 1;
  atomic.store<u64>(control, (number << (2 * NEXT_BITS)) | ((<u64>items) << NEXT_BITS), TICKET);
  if (helpers == 0) return;
  atomic.add<u32>(control, 1, BELL);
  atomic.notify(control + BELL, helpers);
}

/** Helps with the job that was begun until every item is done. */
export function finish(control: u32, items: u32): void {
  claimItems(control);
  let looks: u32 = 0;
  let finished = atomic.load<u32>(control, DONE);
  while (finished != items) {
    if (++looks > LOOKS) atomic.wait<i32>(control + DONE, finished, -1);
    finished = atomic.load<u32>(control, DONE);
  }
}

/** Carries out the next item of the job that was begun if it is below `limit` and not claimed yet; says whether it did. */
export function claimBelow(control: u32, limit: u32): bool {
  const ticket = atomic.load<u64>(control, TICKET);
  const item = <u32>(ticket & NEXT);
  if (item >= limit || atomic.cmpxchg<u64>(control, ticket, ticket + 1, TICKET) != ticket) return false;
  carryOut(load<u32>(control, KIND), item, control + ARGUMENTS);
  atomic.add<u32>(control, 1, DONE);
  return true;
}

function claimItems(control: u32): void {
  while (true) {
    const claim = atomic.add<u64>(control, 1, TICKET);
    const item = <u32>(claim & NEXT);
    const items = <u32>((claim >> NEXT_BITS) & NEXT);
    if (item >= items) return;
    carryOut(load<u32>(control, KIND), item, control + ARGUMENTS);
    if (atomic.add<u32>(control, 1, DONE) + 1 == items) atomic.notify(control + DONE, 1);
  }
}

@inline
function word(a: u32, place: u32): u32 {
  return load<u32>(a + (place << 2));
}

@inline
function number(a: u32, place: u32): f32 {
  return load<f32>(a + (place << 2));
}

/** One item of a job. The order of the cases is that of `jobKinds` in the TypeScript beside it. */
function carryOut(kind: u32, item: u32, a: u32): void {
  switch (kind) {
    case 0:
      return sparseProduct(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9), word(a, 10));
    case 1:
      return sparseTransposedProduct(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9));
    case 2:
      return tiledGradientStep(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9), word(a, 10), word(a, 11), word(a, 12), word(a, 13), word(a, 14), word(a, 15));
    case 3:
      return shiftProduct(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4));
    case 4:
      return product(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7));
    case 5:
      return transposedProduct(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6));
    case 6:
      return unitRows(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4));
    case 7:
      return unitRowsGradient(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5));
    case 8:
      return panel(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3));
    case 9:
      return widePanel(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4));
    case 10:
      return raisedSimilarities(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), number(a, 6));
    case 11:
      return raisedSums(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7));
    case 12:
      return raisedGradient(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), number(a, 8));
    case 13:
      return nearestRows(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8));
    case 14:
      return normalisedTanh(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7));
    case 15:
      return sigmoidRows(item, word(a, 0), word(a, 1), word(a, 2));
    case 16:
      return sigmoidGradient(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3));
    case 17:
      return explainRows(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9), word(a, 10), word(a, 11), word(a, 12), word(a, 13), word(a, 14), word(a, 15), word(a, 16), word(a, 17));
    case 18:
      return nearestCells(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9));
    case 19:
      return tallyRows(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9), word(a, 10), word(a, 11));
    case 20:
      return stripProduct(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9));
    case 21:
      return stripGradientStep(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9), word(a, 10), word(a, 11), word(a, 12), word(a, 13));
    case 22:
      return normaliseStrip(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9), word(a, 10), word(a, 11), word(a, 12));
    case 23:
      return normaliseStripGradient(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8), word(a, 9), word(a, 10), word(a, 11), word(a, 12));
    case 24:
      return panelProduct(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5));
    case 25:
      return makeTiles(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7), word(a, 8));
    case 26:
      return tiledProduct(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7));
    case 27:
      return sumOfPartitions(item, word(a, 0), word(a, 1), word(a, 2), word(a, 3), word(a, 4), word(a, 5), word(a, 6), word(a, 7));
    default:
      unreachable();
  }
}
