import { conformance } from './conformance.ts';

conformance('cpu');
