#!/usr/bin/env node
// Compiles the kernels of the WebAssembly engine (src-main/engine/wasm/assembly) if they are absent or older than their source.
import { ensureReady } from './lib/setup.mjs';

ensureReady();
