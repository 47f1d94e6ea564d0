/** Memory that compiled code and JavaScript both see. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  /** @throws RangeError where there is no more */
  grow(pages: number): number;
}

/** The part of the WebAssembly interface that kernels need; the compiler settings bring no types for it. */
interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => WasmMemory;
  compile(code: Uint8Array): Promise<object>;
  instantiate(
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<{ readonly exports: unknown }>;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
