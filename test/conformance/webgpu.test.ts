import { conformance } from './conformance.ts';

conformance('webgpu');
