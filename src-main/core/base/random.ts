/**
 * Seeded random numbers: xoshiro128** (Blackman & Vigna 2021, doi:10.1145/3460772), seeded by splitmix32.
 * Same seed, same sequence, on every machine. The state can be stored and restored, so that work
 * that was interrupted goes on with the numbers it would have drawn.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    let s = seed >>> 0;
    const next = (): number => {
      s = (s + 0x9e3779b9) >>> 0;
      let t = s ^ (s >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      return (t ^ (t >>> 15)) >>> 0;
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  /** The four 32-bit words of the state; `Random.restore` continues from them. */
  state(): readonly [number, number, number, number] {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  static restore(state: readonly [number, number, number, number]): Random {
    const random = new Random(0);
    [random.#a, random.#b, random.#c, random.#d] = state;
    return random;
  }

  /** A generator of its own for one purpose; drawing from it does not move this one. */
  static forPurpose(seed: number, purpose: string): Random {
    let h = (0x811c9dc5 ^ seed) >>> 0;
    for (let i = 0; i < purpose.length; i++) h = Math.imul(h ^ purpose.charCodeAt(i), 0x01000193) >>> 0;
    return new Random(h);
  }

  /** A whole number in 0 … 2³²−1. */
  word(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = (this.#b << 9) >>> 0;
    this.#c = (this.#c ^ this.#a) >>> 0;
    this.#d = (this.#d ^ this.#b) >>> 0;
    this.#b = (this.#b ^ this.#c) >>> 0;
    this.#a = (this.#a ^ this.#d) >>> 0;
    this.#c = (this.#c ^ t) >>> 0;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }

  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number {
    return ((this.word() >>> 5) * 67108864 + (this.word() >>> 6)) / 9007199254740992;
  }

  /** A whole number in 0 … n−1, without bias. @param n 1 … 2³² */
  below(n: number): number {
    const limit = 4294967296 - (4294967296 % n);
    let w = this.word();
    while (w >= limit) w = this.word();
    return w % n;
  }

  /** Standard normal, by the polar method; draws until a pair lies in the unit disc and keeps one of it. */
  normal(): number {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const s = x * x + y * y;
      if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }

  /** `count` different whole numbers of 0 … n−1, uniformly, in random order (Floyd's method, then shuffled). @param count 0 … n */
  sample(n: number, count: number): Int32Array {
    const chosen = new Set<number>();
    const out = new Int32Array(count);
    let k = 0;
    for (let j = n - count; j < n; j++) {
      const t = this.below(j + 1);
      const pick = chosen.has(t) ? j : t;
      chosen.add(pick);
      out[k++] = pick;
    }
    return this.shuffle(out);
  }

  /** Puts the array itself into random order (Fisher–Yates) and gives it back. */
  shuffle<T extends Int32Array | Uint32Array | unknown[]>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = items[i]!;
      items[i] = items[j]!;
      items[j] = held;
    }
    return items;
  }
}

function rotateLeft(x: number, k: number): number {
  return ((x << k) | (x >>> (32 - k))) >>> 0;
}
