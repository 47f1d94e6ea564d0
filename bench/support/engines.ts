import { availableParallelism } from 'node:os';
import { type EngineName, engineNames } from '#engine/engine-report';
import { numbersOf, wordsOf } from './table.ts';

/** An engine, and on how many threads; graphics cards are not asked for a number. */
export interface EngineAndThreads {
  readonly engine: EngineName;
  readonly threads?: number;
}

/** What ENGINES and THREADS ask for; without them WebAssembly on one thread and on all cores, and whatever else is `usual`. */
export function enginesAndThreads(usual: readonly EngineName[] = ['wasm']): readonly EngineAndThreads[] {
  const threads = numbersOf('THREADS', [...new Set([1, availableParallelism()])]);
  return wordsOf('ENGINES', usual).flatMap((name): EngineAndThreads[] => {
    const engine = engineNames.find((known) => known === name);
    if (engine === undefined) throw new RangeError(`ENGINES=${name}: there are ${engineNames.join(', ')}`);
    return engine === 'wasm' ? threads.map((count) => ({ engine, threads: count })) : [{ engine }];
  });
}
