import { type CancelSignal } from '#core/base/cancel';
import { FragmentReading, type FragmentReport } from '../fragments/fragment-reading.ts';
import { PlaceSample } from '../gene-models/place-sample.ts';

/** What the beginning of a fragments file tells. */
export interface FragmentLook {
  /** Where its fragments lie, for guessing the build. */
  readonly places: PlaceSample;
  /** In order of first appearance. */
  readonly barcodes: readonly string[];
  readonly contigs: readonly string[];
  readonly report: FragmentReport;
  /** Share of the file that was looked at, by its bytes. */
  readonly fraction: number;
  /** Whether the file ended within the look. */
  readonly complete: boolean;
}

/** Fragments looked at: enough to see every cell of a usual file and to tell builds apart, read in a moment. */
const lookedAt = 500_000;

/**
 * Looks at the first half million fragments of a file. Throws what `FragmentReading` throws, as far as it is seen there.
 * @param most fragments that are looked at; Infinity for all
 */
export async function lookAtFragments(
  path: string,
  options: { readonly signal?: CancelSignal | undefined; readonly most?: number } = {},
): Promise<FragmentLook> {
  const { signal, most = lookedAt } = options;
  let fraction = 0;
  const reading = new FragmentReading(path, { signal, progress: (done) => (fraction = done) });
  const places = new PlaceSample();
  let seen = 0;
  let complete = true;
  for await (const block of reading) {
    places.add(block);
    seen += block.length;
    if (seen < most) continue;
    complete = false;
    break;
  }
  const { barcodes, contigs, report } = reading;
  return { places, barcodes, contigs, report, complete, fraction: complete ? 1 : fraction };
}
