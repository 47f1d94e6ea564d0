/** Memory that compiled code and JavaScript both see. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

/** The part of the WebAssembly interface that kernels need; the compiler settings bring no types for it. */
interface WebAssemblyApi {
  readonly Memory: abstract new (...args: never[]) => WasmMemory;
  instantiate(
    code: Uint8Array,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<{ readonly instance: { readonly exports: unknown } }>;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
