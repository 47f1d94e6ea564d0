/** Bytes of one stored value in a record: whole numbers that fit take 1 or 2, others are float32. */
export type ValueBytes = 1 | 2 | 4;

/**
 * Rows as they lie where they are stored, for an engine that unpacks them itself. A record holds the column numbers of a row, rising,
 * padded to a multiple of 4 bytes, and then its values, padded likewise; little-endian.
 */
export interface RowRecords {
  /** Bytes of one column number. */
  readonly columnBytes: 2 | 4;
  /** Stored values of a row. */
  count(row: number): number;
  valueBytes(row: number): ValueBytes;
  /** Bytes of the record of a row. */
  bytes(row: number): number;
  /**
   * Copies the record of a row into `into`, from byte `at` on. Comes back when it is done: rows that were used lately, or brought near,
   * lie in the memory of the system.
   * @throws AppError `project.damaged-array` where the file ends too soon
   */
  read(row: number, into: Uint8Array, at: number): void;
  /** Resolves when these rows can be read quickly: where reading has turned out to be slow, the system reads them first. */
  near(rows: ArrayLike<number>): Promise<void>;
}
