import { conformance } from './conformance.ts';

conformance('tensorflow');
