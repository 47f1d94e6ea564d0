"""Writes test/golden/seurat-v3.json: scanpy's seurat_v3 scores of a simulated count matrix.

    python3 -m venv venv && venv/bin/pip install scanpy==1.11.5 scikit-misc==0.5.3
    venv/bin/python test/reference/seurat_v3.py test/golden/seurat-v3.json
"""

import json
import sys
from importlib.metadata import version

import anndata
import numpy as np
import scanpy as sc
import scipy.sparse as sp

CELLS, GENES, SEED = 120, 400, 7

rng = np.random.default_rng(SEED)
mean = 10 ** rng.normal(-0.3, 0.6, GENES)
group = rng.integers(0, 3, CELLS)
effect = np.where(rng.random((3, GENES)) < 0.1, rng.lognormal(0.8, 0.6, (3, GENES)), 1.0)
depth = rng.lognormal(0, 0.3, CELLS)
mu = depth[:, None] * mean[None] * effect[group]
counts = rng.poisson(rng.gamma(2.0, mu / 2.0)).astype(np.float64)
counts[:, 3] = 0  # never seen
counts[:, 5] = 2  # always the same

adata = anndata.AnnData(sp.csr_matrix(counts))
found = sc.pp.highly_variable_genes(adata, flavor="seurat_v3", n_top_genes=GENES // 4, span=0.3, inplace=False)
scores = found["variances_norm"].to_numpy()

json.dump(
    {
        "note": "scanpy.pp.highly_variable_genes(flavor='seurat_v3', span=0.3) on simulated negative-binomial counts",
        "script": "test/reference/seurat_v3.py",
        "versions": {p: version(p) for p in ("scanpy", "scikit-misc", "numpy")},
        "seed": SEED,
        "counts": counts.astype(int).tolist(),
        "variances_norm": scores.tolist(),
        "ranking": np.argsort(-scores, kind="stable").tolist(),
        "chosen": np.flatnonzero(found["highly_variable"].to_numpy()).tolist(),
    },
    open(sys.argv[1], "w"),
    separators=(",", ":"),
)
