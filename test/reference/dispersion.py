"""Writes test/golden/dispersion.json: scanpy's normalised dispersions (flavour "seurat") of a simulated count matrix.

    python3 -m venv venv && venv/bin/pip install scanpy==1.11.5
    venv/bin/python test/reference/dispersion.py test/golden/dispersion.json
"""

import json
import sys
from importlib.metadata import version

import anndata
import numpy as np
import scanpy as sc
import scipy.sparse as sp

CELLS, GENES, SEED = 90, 250, 11

rng = np.random.default_rng(SEED)
mean = 10 ** rng.normal(-0.3, 0.7, GENES)
group = rng.integers(0, 3, CELLS)
effect = np.where(rng.random((3, GENES)) < 0.1, rng.lognormal(0.8, 0.6, (3, GENES)), 1.0)
depth = rng.lognormal(0, 0.3, CELLS)
mu = depth[:, None] * mean[None] * effect[group]
counts = rng.poisson(rng.gamma(2.0, mu / 2.0)).astype(np.float64)
counts[:, 3] = 0  # never seen

adata = anndata.AnnData(sp.csr_matrix(counts))
sc.pp.normalize_total(adata, target_sum=1e4)
sc.pp.log1p(adata)
found = sc.pp.highly_variable_genes(adata, flavor="seurat", n_bins=20, n_top_genes=GENES // 4, inplace=False)
scores = found["dispersions_norm"].to_numpy()

json.dump(
    {
        "note": "scanpy.pp.highly_variable_genes(flavor='seurat', n_bins=20) on log-normalised simulated counts",
        "script": "test/reference/dispersion.py",
        "versions": {p: version(p) for p in ("scanpy", "numpy", "pandas")},
        "seed": SEED,
        "counts": counts.astype(int).tolist(),
        "dispersions_norm": [None if np.isnan(x) else float(x) for x in scores],
        "chosen": np.flatnonzero(found["highly_variable"].to_numpy()).tolist(),
    },
    open(sys.argv[1], "w"),
    separators=(",", ":"),
)
