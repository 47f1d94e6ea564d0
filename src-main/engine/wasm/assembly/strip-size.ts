/** Columns of a strip. */
export const STRIP: u32 = 32;
/** Bytes of a row of a strip. */
export const BYTES: u32 = 128;
