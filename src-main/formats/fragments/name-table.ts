/** Where the hash of a name begins; each byte then goes in as `Math.imul(hash ^ byte, hashPrime)` (FNV-1a, 32 bits). */
export const hashStart = 0x811c9dc5 | 0;
export const hashPrime = 0x01000193;

/** A slot of the table: number + 1 (0: empty), hash, place of the name's bytes, their number. */
const slotWidth = 4;

/**
 * Gives every name its number, straight from the bytes of a file: a name becomes a string once, when it is new.
 * A hash table with open addressing, at most half full. All that a lookup needs lies in one slot and in the name's
 * bytes: with many barcodes it is the way to memory that takes the time.
 */
export class NameTable {
  /** Names in the order in which they first came. */
  readonly names: string[] = [];
  readonly #nameOf: (name: string) => string;
  #slots = new Int32Array(slotWidth << 10);
  #bytes = Buffer.alloc(1 << 14);
  #used = 0;

  /** @param nameOf what a new name is called in `names` */
  constructor(nameOf: (name: string) => string = (name) => name) {
    this.#nameOf = nameOf;
  }

  /**
   * The number of the name in `bytes` from `begin` to before `end`.
   * @param hash of the name's bytes; a loop that goes over them anyway makes it on its way, else see `hashOf`
   */
  numberOf(bytes: Buffer, begin: number, end: number, hash: number): number {
    const slots = this.#slots;
    const held = this.#bytes;
    const length = end - begin;
    const last = slots.length - slotWidth;
    let slot = firstSlot(hash, last);
    for (let number = slots[slot]!; number !== 0; number = slots[slot]!) {
      if (slots[slot + 1] === hash && slots[slot + 3] === length) {
        let at = slots[slot + 2]! >>> 0;
        let p = begin;
        while (p < end && bytes[p] === held[at]) {
          p++;
          at++;
        }
        if (p === end) return number - 1;
      }
      slot = (slot + slotWidth) & last;
    }
    return this.#add(bytes, begin, end, hash, slot);
  }

  #add(bytes: Buffer, begin: number, end: number, hash: number, slot: number): number {
    const from = this.#used;
    this.#used += end - begin;
    if (this.#used > this.#bytes.length) {
      const wider = Buffer.alloc(Math.max(this.#used, this.#bytes.length * 2));
      this.#bytes.copy(wider);
      this.#bytes = wider;
    }
    bytes.copy(this.#bytes, from, begin, end);
    this.names.push(this.#nameOf(bytes.toString('utf8', begin, end)));
    this.#slots.set([this.names.length, hash, from | 0, end - begin], slot);
    if (this.names.length * 2 * slotWidth > this.#slots.length) this.#spread();
    return this.names.length - 1;
  }

  /** Twice the slots, every name at its new place. */
  #spread(): void {
    const narrow = this.#slots;
    const slots = new Int32Array(narrow.length * 2);
    const last = slots.length - slotWidth;
    for (let from = 0; from < narrow.length; from += slotWidth) {
      if (narrow[from] === 0) continue;
      let slot = firstSlot(narrow[from + 1]!, last);
      while (slots[slot] !== 0) slot = (slot + slotWidth) & last;
      slots.set(narrow.subarray(from, from + slotWidth), slot);
    }
    this.#slots = slots;
  }
}

/** Where a name of this hash is looked for first; `last` is the place of the last slot and serves as a mask. */
function firstSlot(hash: number, last: number): number {
  return Math.imul(hash ^ (hash >>> 15), slotWidth) & last;
}

/** The hash of the bytes from `begin` to before `end`. */
export function hashOf(bytes: Buffer, begin: number, end: number): number {
  let hash = hashStart;
  for (let i = begin; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, hashPrime);
  return hash;
}
