import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Hindrance } from '../engine-driver.ts';

/** An NVIDIA card as its driver describes it. */
export interface NvidiaCard {
  readonly name: string;
  /** Generation of its instructions, e.g. 8.6. */
  readonly capability: number;
}

/** The first generation for which libtensorflow 2.9.1 holds no code, and CUDA 11.2 neither. */
const FIRST_TOO_NEW = 9;

/** The cards by nvidia-smi, which comes with the driver; empty where it is absent, too old to tell, or slow. */
export async function nvidiaCards(): Promise<readonly NvidiaCard[]> {
  try {
    const asked = ['--query-gpu=name,compute_cap', '--format=csv,noheader'];
    const { stdout } = await promisify(execFile)('nvidia-smi', asked, { timeout: 10_000 });
    return readCards(stdout);
  } catch {
    return []; // then starting will tell
  }
}

/** Reads lines such as "NVIDIA GeForce RTX 3090, 8.6". */
export function readCards(lines: string): readonly NvidiaCard[] {
  return lines.split('\n').flatMap((line) => {
    const [, name, capability] = /^(.+), *(\d+\.\d+)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name: name.trim(), capability: Number(capability) }];
  });
}

/**
 * Why none of the cards will do, or null. A card of generation 9 (H100, H200) has the whole library translated at the first start,
 * which takes half an hour or longer (tensorflow#62320); one of generation 12 (RTX 50) refuses it (tensorflow#101746).
 */
export function tooNew(cards: readonly NvidiaCard[]): Hindrance | null {
  if (cards.length === 0 || cards.some(({ capability }) => capability < FIRST_TOO_NEW)) return null;
  const named = cards.map(({ name, capability }) => `${name} (compute capability ${capability.toFixed(1)})`).join(', ');
  return {
    reason: `libtensorflow 2.9.1 is older than the card: ${named}; it holds code for compute capability 8.x at most.`,
    whatToInstall: 'Nothing for this engine; choose the engine webgpu, which runs on recent cards.',
  };
}
