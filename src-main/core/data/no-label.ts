/** Whether a label is one by which people say that they have none: unknown, unassigned, NA, doublet, ? … */
export function saysNothing(label: string): boolean {
  return /^(unknown|unassigned|unlabell?ed|undetermined|n\/?a|none|doublets?|\?+|-+)$/i.test(label.trim());
}
