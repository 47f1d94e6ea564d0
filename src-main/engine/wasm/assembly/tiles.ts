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

/** Bytes of what `makeTiles` is told of a row: addresses of its columns and of its values, and how they lie there. */
export const ROW_PLACE: u32 = 12;

/**
 * Makes the tiles of group `item` as soon as `ready` (uint32) counts it among the copied. `rowPlaces` [rows, 3] uint32 says where the columns
 * of each row lie, rising, where its values lie, and how: the bytes of a column (2 or 4) times 16 and the bytes of a value (1 and 2: whole
 * numbers, 4: float32). At least 64 bytes can be read behind both. `starts` [rows + 1] uint32 counts the entries before each row of
 * the batch. `made[item]` becomes 1 at the end.
 */
export function makeTiles(
  item: u32,
  ready: u32,
  made: u32,
  rowPlaces: u32,
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
  const blocks = blocksOf(features);
  const myRuns = runsOf(runs, item, blocks, 0);
  for (let row: u32 = 0; row < count; row++) {
    const place = rowPlaces + (first + row) * ROW_PLACE;
    const columns = load<u32>(place);
    const entries = load<u32>(myStarts + (row << 2), 4) - load<u32>(myStarts + (row << 2));
    const run = myRuns + (row << 2);
    if (load<u32>(place, 8) >> 4 == 2) countShortRuns(columns, entries, blocks, run);
    else countRuns(columns, entries, blocks, run);
  }
  placeRuns(load<u32>(myStarts), load<u32>(myStarts + (count << 2)), count, blocks, myRuns);
  for (let row: u32 = 0; row < count; row++) {
    const place = rowPlaces + (first + row) * ROW_PLACE;
    const columns = load<u32>(place);
    const values = load<u32>(place, 4);
    const lie = load<u32>(place, 8);
    if (lie == 0x44) copyRuns(4, 4, columns, values, blocks, myRuns, row, places, tileValues);
    else if (lie == 0x24) copyRuns(2, 4, columns, values, blocks, myRuns, row, places, tileValues);
    else if (lie == 0x22) copyRuns(2, 2, columns, values, blocks, myRuns, row, places, tileValues);
    else if (lie == 0x21) copyRuns(2, 1, columns, values, blocks, myRuns, row, places, tileValues);
    else if (lie == 0x42) copyRuns(4, 2, columns, values, blocks, myRuns, row, places, tileValues);
    else copyRuns(4, 1, columns, values, blocks, myRuns, row, places, tileValues);
  }
  atomic.store<u32>(made + (item << 2), 1);
}

/** Into the run of each block: how many entries the row has there. */
@inline
function countRuns(columns: u32, entries: u32, blocks: u32, runs: u32): void {
  let at = columns;
  const end = columns + (entries << 2);
  let run = runs;
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

/** The same where columns take 2 bytes: eight at once. */
@inline
function countShortRuns(columns: u32, entries: u32, blocks: u32, runs: u32): void {
  let at = columns;
  const end = columns + (entries << 1);
  let run = runs;
  for (let block: u32 = 0; block < blocks; block++, run += TILE_ROWS << 2) {
    const from = at;
    const last = (block + 1) * TILE_FEATURES - 1; // fits 2 bytes where one more would not
    const limit = i16x8.splat(<i16>last);
    while (at + 32 <= end && <u32>load<u16>(at, 30) <= last) at += 32;
    while (at < end) {
      const next = ctz(i16x8.bitmask(i16x8.gt_u(v128.load(at), limit)) | 256);
      at += next << 1;
      if (next < 8) break;
    }
    at = min(at, end);
    store<u32>(run, (at - from) >> 1);
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

/** Copies the entries of one row of a group into its runs; the constants `columnBytes` and `valueBytes` say how they lie. */
@inline
function copyRuns(
  columnBytes: u32,
  valueBytes: u32,
  columns: u32,
  values: u32,
  blocks: u32,
  groupRuns: u32,
  row: u32,
  places: u32,
  tileValues: u32,
): void {
  let column = columns;
  let value = values;
  let run = groupRuns + (row << 2);
  let tileEnd = groupRuns + (TILE_ROWS << 2);
  for (let block: u32 = 0; block < blocks; block++, run += TILE_ROWS << 2, tileEnd += TILE_ROWS << 2) {
    const to = load<u32>(run);
    const entries = load<u32>(run, 4) - to;
    const place = places + to;
    const target = tileValues + (to << 2);
    // what is copied too much is overwritten by the rows that follow; behind the tile lies what was written before
    if (to + ((entries + 7) & ~7) <= load<u32>(tileEnd)) {
      for (let i: u32 = 0; i < entries; i += 8) {
        copyEightPlaces(columnBytes, column + i * columnBytes, place + i);
        copyEightValues(valueBytes, value + i * valueBytes, target + (i << 2));
      }
    } else {
      for (let i: u32 = 0; i < entries; i++) {
        store<u8>(place + i, load<u8>(column + i * columnBytes));
        copyValue(valueBytes, value + i * valueBytes, target + (i << 2));
      }
    }
    column += entries * columnBytes;
    value += entries * valueBytes;
  }
}

/** The lowest byte of each column is its place in a block of 256. */
@inline
function copyEightPlaces(columnBytes: u32, from: u32, to: u32): void {
  let words: v128;
  if (columnBytes == 2) words = v128.and(v128.load(from), i16x8.splat(255));
  else {
    const lowest = i32x4.splat(255);
    words = i16x8.narrow_i32x4_s(v128.and(v128.load(from), lowest), v128.and(v128.load(from, 16), lowest));
  }
  v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
}

@inline
function copyEightValues(valueBytes: u32, from: u32, to: u32): void {
  if (valueBytes == 4) {
    const low = v128.load(from);
    const high = v128.load(from, 16);
    v128.store(to, low);
    v128.store(to, high, 16);
    return;
  }
  const words = valueBytes == 2 ? v128.load(from) : v128.load_ext<u8>(from);
  v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)));
  v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), 16);
}

@inline
function copyValue(valueBytes: u32, from: u32, to: u32): void {
  if (valueBytes == 4) store<u32>(to, load<u32>(from));
  else store<f32>(to, <f32>(valueBytes == 2 ? <u32>load<u16>(from) : <u32>load<u8>(from)));
}
