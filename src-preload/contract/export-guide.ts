/** What each file of an export holds, in the order in which a reader wants them; folders of figures are told by one line. */
const holds: readonly (readonly [name: string, what: string])[] = [
  [
    'labels.csv',
    'One row per query cell: cell, predicted (most probable label), confidence (its probability, 0 to 1), label (the same, or Unknown where the confidence does not exceed the threshold).',
  ],
  ['probabilities.csv.gz', 'The probability of every label in every query cell; rows add up to 1.'],
  ['embedding.csv.gz', 'The learned space: one row per query cell, one column per dimension.'],
  [
    'markers.csv',
    'Determinant features of every label: rank, cells and fraction of cells that have it among their strongest, mean attribution, log2 fold change, detection rate.',
  ],
  ['gene_sets.csv', 'Gene sets that mark each label, with the attention they get and the test behind them.'],
  ['key_genes.csv', 'Key genes of each label, with their places in its network of genes.'],
  [
    'query.annotated.h5ad',
    'A copy of the query with cellpredx_predicted, cellpredx_confidence and cellpredx_label as columns of cells, and X_cellpredx (and X_cellpredx_umap) as embeddings.',
  ],
  [
    'model.cpxmodel',
    'The trained model: `cellpredx annotate --model model.cpxmodel --query FILE --out DIR` labels another query with it, without training.',
  ],
  ['figures', 'Every figure as SVG, and the numbers in it as CSV beside it.'],
  [
    'summary.json',
    'Version, files with checksums, settings, seed, engine, scores and times: what a Methods section needs.',
  ],
];

/** The name of the file that `exportReadme` is written to. */
export const README = 'README.txt';

/** Code that reads an export; both read the same tables. @param folder that holds it */
export function snippets(folder: string): { readonly python: string; readonly r: string } {
  const path = JSON.stringify(folder.replaceAll('\\', '/')); // a string of Python and of R alike
  return {
    python: `import pandas as pd

folder = ${path}
labels = pd.read_csv(f"{folder}/labels.csv", dtype={"cell": str}).set_index("cell")
probabilities = pd.read_csv(f"{folder}/probabilities.csv.gz", dtype={"cell": str}).set_index("cell")
embedding = pd.read_csv(f"{folder}/embedding.csv.gz", dtype={"cell": str}).set_index("cell")
markers = pd.read_csv(f"{folder}/markers.csv")

# to your own AnnData object, by the names of its cells:
# adata.obs = adata.obs.join(labels)
# or all at once:
# import anndata as ad
# query = ad.read_h5ad(f"{folder}/query.annotated.h5ad")
`,
    r: `folder <- ${path}
read <- function(file) read.csv(file.path(folder, file), colClasses = c(cell = "character"),
                                row.names = "cell", check.names = FALSE)
labels <- read("labels.csv")
probabilities <- read("probabilities.csv.gz")
embedding <- as.matrix(read("embedding.csv.gz"))
markers <- read.csv(file.path(folder, "markers.csv"))

# to your own Seurat object, by the names of its cells:
# object <- Seurat::AddMetaData(object, labels)
`,
  };
}

/** The text that lies beside the files: what each of them holds, and how they are read. @param files names that were written */
export function exportReadme({
  files,
  version,
  threshold,
}: {
  readonly files: readonly string[];
  readonly version: string;
  readonly threshold: number;
}): string {
  const told = holds.filter(([name]) => files.some((file) => file === name || /^[^/\\]+/.exec(file)?.[0] === name));
  const code = snippets('.');
  return `Labels of the query cells, by CellPredX Studio ${version}
Unknown: confidence does not exceed ${threshold}.

${told.map(([name, what]) => `${name}\n    ${what}`).join('\n')}

Reading it in Python (from within this folder)
${indented(code.python)}
Reading it in R (from within this folder)
${indented(code.r)}`;
}

function indented(code: string): string {
  return code.replaceAll(/^(?=.)/gm, '    ');
}
