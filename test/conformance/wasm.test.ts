import { conformance } from './conformance.ts';

conformance('wasm');
