import { countText } from '../count-text.ts';
import type { ErrorEntries } from './entry.ts';

/** What can be wrong with a choice of method, settings or engine, or come up while a method is trained. */
export const trainingErrors = {
  'training.no-such-method': {
    says: (d: { method: string; known: readonly string[] }) =>
      `There is no method "${d.method}"; the methods are ${d.known.join(', ')}.`,
    remedy: 'Choose one of the methods named.',
  },
  'training.no-such-preset': {
    says: (d: { method: string; preset: string; known: readonly string[] }) =>
      `${d.method} has no preset "${d.preset}"; its presets are ${d.known.join(', ')}.`,
    remedy: 'Choose one of the presets named.',
  },
  'training.scenario-not-offered': {
    says: (d: { method: string; scenario: string; offered: readonly string[]; because?: string | undefined }) =>
      `${d.method} is not made for ${d.scenario}${d.because === undefined ? '' : `, because ${d.because}`}; it is made for ${d.offered.join(', ')}.`,
    remedy: 'Choose another method for this scenario.',
  },
  'training.nothing-to-tune': {
    says: (d: { method: string }) => `${d.method} has no settings that are worth tuning.`,
    remedy: 'Run it without tuning, or choose a method that has settings to tune, such as CellPredX.',
  },
  'training.gene-sets-needed': {
    says: (d: { method: string }) => `${d.method} reads cells through gene sets, and none are given.`,
    remedy: 'Name a GMT file with gene sets of your species, for example from Reactome or MSigDB (`--gene-sets FILE`).',
  },
  'training.no-gene-sets-of-peaks': {
    says: (d: { method: string; peaks: number; features: number; example: string }) =>
      `${d.method} reads cells through gene sets, and ${countText(d.peaks)} of ${countText(d.features)} features here are peaks, such as ${d.example}, which no gene set holds.`,
    remedy: 'Take gene activity of both studies instead of peaks, or another method.',
  },
  'training.gene-sets-do-not-fit': {
    says: (d: {
      library: string;
      sets: number;
      smallest: number;
      largest: number;
      genes: number;
      exampleHere: string;
      exampleThere: string;
    }) =>
      `None of the ${d.sets} gene sets of ${d.library} has at most ${d.largest} genes and at least ${d.smallest} of the ${d.genes} features chosen here; features are named like ${d.exampleHere} here and like ${d.exampleThere} there.`,
    remedy: 'Give gene sets of the species of your studies whose genes are named as your features are.',
  },
  'training.no-such-setting': {
    says: (d: { method: string; setting: string; known: readonly string[] }) =>
      `${d.method} has no setting "${d.setting}"; its settings are ${d.known.join(', ')}.`,
    remedy: 'Correct the name of the setting, or leave it out.',
  },
  'training.setting-out-of-range': {
    says: (d: { method: string; setting: string; value: string; allowed: string }) =>
      `The setting ${d.setting} of ${d.method} is ${d.value}; allowed is ${d.allowed}.`,
    remedy: 'Give the setting a value within what is allowed.',
  },
  'training.engine-not-here': {
    says: (d: { engine: string; reason: string; running: string }) =>
      `The engine ${d.engine} cannot compute here: ${d.reason} ${d.running} can.`,
    remedy: 'Choose the engine "auto" or "wasm".',
  },
  'training.engine-did-not-start': {
    says: (d: { engine: string; folder: string }) =>
      `The engine ${d.engine} did not start; its parts were looked for in ${d.folder}.`,
    remedy: 'Install the application again: a part of it is missing or damaged.',
  },
  'training.graphics-card-lost': {
    says: (d: { card: string; reason: string }) => `The graphics card ${d.card} stopped answering (${d.reason}).`,
    remedy: 'Run it again; if it happens again, choose the engine "wasm" and renew the driver of the card.',
  },
  'training.graphics-memory-full': {
    says: (d: { card: string; needed: string }) =>
      `The memory of the graphics card ${d.card} is full; the run had asked for ${d.needed}.`,
    remedy: 'Close other programs that use the graphics card, or choose the engine "wasm".',
  },
  'training.too-much-for-graphics-card': {
    says: (d: { card: string; needed: string; limit: string }) =>
      `The run needs ${d.needed} in one piece; the graphics card ${d.card} gives at most ${d.limit}.`,
    remedy: 'Choose the engine "wasm", or a smaller batch or fewer features.',
  },
  'training.too-few-cells': {
    says: (d: { side: 'reference' | 'query'; cells: number; needed: number }) =>
      `The ${d.side} has ${d.cells} ${d.cells === 1 ? 'cell' : 'cells'}; training needs at least ${d.needed}.`,
    remedy: 'Choose a study with more cells, or loosen the filters that removed them.',
  },
  'training.diverged': {
    says: (d: { step: number; terms: readonly string[]; learningRate: number }) =>
      `Training left the range of numbers at step ${d.step} (${d.terms.join(', ')} no longer finite) with learning rate ${d.learningRate}.`,
    remedy: 'Lower the learning rate, for example to a tenth of it.',
  },
  'training.checkpoint-of-another-run': {
    says: (d: { what: string; here: string; there: string }) =>
      `The checkpoint does not belong to this run: its ${d.what} is ${d.there}, here it is ${d.here}.`,
    remedy: 'Start the run anew, without the checkpoint.',
  },
  'training.model-unreadable': {
    says: (d: { found: string; needed: string }) => `The stored model is ${d.found}; ${d.needed} is needed.`,
    remedy: 'Choose a model that was saved by this method, or train a new one.',
  },
} as const satisfies ErrorEntries;
