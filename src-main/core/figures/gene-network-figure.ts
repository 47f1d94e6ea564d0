import type { GeneLinks } from '../data/label-patterns.ts';
import type { GraphFigure } from './figure-data.ts';
import { forceLayout } from './force-layout.ts';
import { countText } from './number-text.ts';

/** Panels a page holds, and genes of a panel whose names are bold. */
const [MOST_PANELS, LEADING] = [6, 4];

/**
 * Genes that the network of a method sees alike, a panel per label, those labels first that have most cells. The area of a disc
 * follows −log₁₀ Q (how central the gene is by five measures together), the four most central are in the label's colour.
 * Null where no label has a network with links.
 */
export function geneNetworkFigure(
  networks: readonly GeneLinks[],
  labels: readonly { readonly name: string; readonly colour: string; readonly cells: number }[],
): GraphFigure | null {
  const known = new Map(labels.map((label) => [label.name, label]));
  const shown = networks
    .filter(({ label, edges }) => edges.length > 0 && (known.get(label)?.cells ?? 0) > 0)
    .sort((a, b) => known.get(b.label)!.cells - known.get(a.label)!.cells);
  if (shown.length === 0) return null;
  const drawn = shown.slice(0, MOST_PANELS);
  const { linkedFrom } = drawn[0]!;
  const most = Math.max(...drawn.map(({ genes }) => genes.length));
  return {
    kind: 'graph',
    id: 'gene-networks',
    title: 'Key genes of each label and the genes most like them',
    footnotes: [
      `Genes of the ten gene sets that mark a label; a line: cosine of what was learned of two genes from ${linkedFrom}. ` +
        `Drawn: of each label the ${countText(most)} most central genes at most, by the Q statistic over degree, betweenness, ` +
        'eigenvector, PageRank and closeness centrality; the four with the smallest Q in the colour of the label.' +
        (shown.length > drawn.length
          ? ` ${MOST_PANELS} of ${shown.length} labels, those with most cells; all are in key_genes.csv.`
          : ''),
    ],
    nodeTitle: 'Gene',
    sizeTitle: '−log₁₀ Q',
    edgeTitle: 'Cosine',
    edgeRange: [linkedFrom, 1],
    solidFrom: null,
    panels: drawn.map(({ label, genes, edges, ofGenes }) => {
      const sizes = genes.map(({ q }) => -Math.log10(Math.max(q, Number.MIN_VALUE)));
      const largest = Math.max(...sizes);
      const springs = edges.map(({ from, to, cosine }) => ({ from, to, weight: cosine }));
      return {
        title: `${label} (${countText(ofGenes)} genes)`,
        nodes: forceLayout(genes.length, springs).map(([x, y], i) => ({
          name: genes[i]!.gene,
          colour: known.get(label)!.colour,
          place: [rounded(x), rounded(y)] as const,
          area: largest > 0 ? rounded(sizes[i]! / largest) : 1,
          size: rounded(sizes[i]!),
          leading: i < LEADING,
        })),
        edges: edges
          .map(({ from, to, cosine }) => ({ from, to, weight: rounded(cosine) }))
          .sort((a, b) => a.weight - b.weight),
      };
    }),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000 + 0; // + 0 turns −0 into 0, which JSON keeps
}
