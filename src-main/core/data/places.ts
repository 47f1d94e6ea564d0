/** chr1:100-200, chr1-100-200, chr1_100_200 */
const PLACE = /^.+[:\-_]\d+[-_]\d+$/;

/** The features that are named as places in a genome, where most are: those of peaks; none where few or none are. */
export function peaksAmong(features: readonly string[]): string[] {
  const places = features.filter((name) => PLACE.test(name));
  return 2 * places.length > features.length ? places : [];
}
