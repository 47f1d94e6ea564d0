import { setFlagsFromString } from 'node:v8';

/**
 * Has two neighbouring operations on 128 bits that are alike carried out as one on 256, from the next compilation of WebAssembly in this
 * process on; gives back whether. V8 does so on processors with AVX2, in builds that have the pass (Node from 23.5 on x64, but not on a
 * Mac); elsewhere nothing changes. The lanes compute what they computed before, so no bit of a result does. V8 still counts the pass as
 * experimental: `CELLPREDX_REGISTERS=128` in the environment leaves it off.
 */
export function useWideRegisters(environment: NodeJS.ProcessEnv = process.env): boolean {
  const asked = environment['CELLPREDX_REGISTERS'] ?? '256';
  if (asked !== '128' && asked !== '256') {
    throw new RangeError(`CELLPREDX_REGISTERS is ${asked}: it may be 128 or 256 (bits), or not be set`);
  }
  if (asked === '128' || !isBuiltIn()) return false;
  setFlagsFromString('--experimental-wasm-revectorize');
  return true;
}

/** A flag that a build does not know is named in an error on the screen, so it is set only where it is known. */
function isBuiltIn(): boolean {
  const { v8_enable_wasm_simd256_revec: built } = process.config.variables as unknown as Record<string, unknown>;
  return built === 1;
}
