/*
 * A batch in tiles. What limits a sparse product of a large batch is not arithmetic but reading: jumping from row to row within a
 * block of features waits for memory. So a batch is copied once into tiles of 32 rows × 256 features that lie one after the other
 * in the order in which both products go through them:
 *
 *     for each group of 32 rows, for each block of 256 features, for each row: its entries
 *
 * An entry is the place of its feature in the block (`places`, one byte) and its value (`values`, float32). `runs` [groups, blocks × 32 + 1]
 * uint32 says at which entry the run of each (block, row) of a group begins; the next one is its end. Addresses are bytes.
 */

/** Rows of a tile; a claim of `makeTiles` and of `sumOfPartitions` are so many rows. */
export const TILE_ROWS: u32 = 32;
/** Features of a tile; a claim of `tiledGradientStep`. Their places fit a byte. */
export const TILE_FEATURES: u32 = 256;
@inline
export function blocksOf(features: u32): u32 {
  return (features + TILE_FEATURES - 1) / TILE_FEATURES;
}

/** Address of the run of the first row of a tile. */
@inline
export function runsOf(runs: u32, group: u32, blocks: u32, block: u32): u32 {
  return runs + ((group * (blocks * TILE_ROWS + 1) + block * TILE_ROWS) << 2);
}

/**
 * Makes the tiles of group `item` from its rows in slot `item` mod `slots`, as soon as `ready` (uint32) counts it among the copied.
 * A slot is `slotEntries` columns, uint32, at `columns`, and as many values at `values`; rows lie in it one after the other, columns
 * rising. `starts` [rows + 1] uint32 counts the entries before each row of the batch. `made[item]` becomes 1 at the end.
 */
export function makeTiles(
  item: u32,
  ready: u32,
  made: u32,
  slots: u32,
  slotEntries: u32,
  columns: u32,
  values: u32,
  starts: u32,
  rows: u32,
  features: u32,
  places: u32,
  tileValues: u32,
  runs: u32,
): void {
  while (atomic.load<u32>(ready) <= item) {
    // the thread that copies has it before long
  }
  const first = item * TILE_ROWS;
  const count = min(TILE_ROWS, rows - first);
  const myStarts = starts + (first << 2);
  const before = load<u32>(myStarts);
  const slot = (item % slots) * slotEntries;
  const blocks = blocksOf(features);
  const myRuns = runsOf(runs, item, blocks, 0);
  // so that an entry's number in the batch is its number here
  const myColumns = columns + ((slot - before) << 2);
  const myValues = values + ((slot - before) << 2);
  countRuns(myStarts, count, myColumns, blocks, myRuns);
  placeRuns(before, load<u32>(myStarts + (count << 2)), count, blocks, myRuns);
  for (let row: u32 = 0; row < count; row++) {
    let from = load<u32>(myStarts + (row << 2));
    let run = myRuns + (row << 2);
    let tileEnd = myRuns + (TILE_ROWS << 2);
    for (let block: u32 = 0; block < blocks; block++, run += TILE_ROWS << 2, tileEnd += TILE_ROWS << 2) {
      const to = load<u32>(run);
      const entries = load<u32>(run, 4) - to;
      // what is copied too much is overwritten by the rows that follow; behind the tile lies what was written before
      if (to + ((entries + 7) & ~7) <= load<u32>(tileEnd)) {
        copyEights(places + to, tileValues + (to << 2), myColumns + (from << 2), myValues + (from << 2), entries);
      } else {
        copyEntries(places + to, tileValues + (to << 2), myColumns + (from << 2), myValues + (from << 2), entries);
      }
      from += entries;
    }
  }
  atomic.store<u32>(made + (item << 2), 1);
}

/** Into the run of each row and block: how many entries it has. */
@inline
function countRuns(starts: u32, rows: u32, columns: u32, blocks: u32, runs: u32): void {
  for (let row: u32 = 0; row < rows; row++) {
    let at = columns + (load<u32>(starts + (row << 2)) << 2);
    const end = columns + (load<u32>(starts + (row << 2), 4) << 2);
    let run = runs + (row << 2);
    for (let block: u32 = 0; block < blocks; block++, run += TILE_ROWS << 2) {
      const from = at;
      const below = (block + 1) * TILE_FEATURES;
      const limit = i32x4.splat(below);
      while (at + 64 <= end && load<u32>(at, 60) < below) at += 64;
      if (at + 32 <= end && load<u32>(at, 28) < below) at += 32;
      while (at < end) {
        // how many of the next four are below; bit 4 stops where all are
        const next = ctz(i32x4.bitmask(i32x4.ge_s(v128.load(at), limit)) | 16);
        at += next << 2;
        if (next < 4) break;
      }
      at = min(at, end); // four at once may look past the row
      store<u32>(run, (at - from) >> 2);
    }
  }
}

/** Counts to beginnings, block by block; rows that the last group does not have are empty. The group's end follows its runs. */
@inline
function placeRuns(before: u32, end: u32, rows: u32, blocks: u32, runs: u32): void {
  let place = before;
  let run = runs;
  for (let block: u32 = 0; block < blocks; block++) {
    for (let row: u32 = 0; row < TILE_ROWS; row++, run += 4) {
      const entries = row < rows ? load<u32>(run) : 0;
      store<u32>(run, place);
      place += entries;
    }
  }
  store<u32>(run, end);
}

/** Entries of one run: the lowest byte of each column is its place in a block of 256. */
@inline
function copyEntries(places: u32, values: u32, fromColumns: u32, fromValues: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(places + i, load<u8>(fromColumns + (i << 2)));
    store<u32>(values + (i << 2), load<u32>(fromValues + (i << 2)));
  }
}

/** The same eight at a time: up to seven more than there are. */
@inline
function copyEights(places: u32, values: u32, fromColumns: u32, fromValues: u32, count: u32): void {
  const lowest = i32x4.splat(255);
  for (let i: u32 = 0; i < count; i += 8) {
    const c = fromColumns + (i << 2);
    const v = fromValues + (i << 2);
    const words = i16x8.narrow_i32x4_s(v128.and(v128.load(c), lowest), v128.and(v128.load(c, 16), lowest));
    v128.store64_lane(places + i, i8x16.narrow_i16x8_u(words, words), 0);
    v128.store(values + (i << 2), v128.load(v));
    v128.store(values + (i << 2), v128.load(v, 16), 16);
  }
}
