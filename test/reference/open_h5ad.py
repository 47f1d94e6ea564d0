"""Opens .h5ad files with Python's anndata and prints what it found, as one JSON object per line.

    python3 open_h5ad.py FILE...

Needs the packages anndata, numpy and pandas. Used by test/formats/write-annotated-h5ad.test.ts.
"""

import json
import sys
import warnings

import anndata
import numpy as np
import pandas as pd


def text(value):
    """A value of a column as text; None where it is missing."""
    return None if pd.isna(value) else str(value)


def describe(path):
    data = anndata.read_h5ad(path)
    total = None if data.X is None else float(np.asarray(data.X.sum(dtype=np.float64)))
    return {
        "cells": data.n_obs,
        "features": data.n_vars,
        "total": total,
        "obs_names": [str(name) for name in data.obs_names],
        "obs": {name: [text(value) for value in data.obs[name].tolist()] for name in data.obs.columns},
        "dtypes": {name: str(data.obs[name].dtype) for name in data.obs.columns},
        "var": list(data.var.columns),
        "obsm": {
            name: {"shape": list(table.shape), "first": [float(value) for value in table[:1].ravel()]}
            for name, table in data.obsm.items()
            if isinstance(table, np.ndarray)
        },
        "layers": list(data.layers.keys()),
        "raw": None if data.raw is None else list(data.raw.shape),
    }


if __name__ == "__main__":
    # Old encodings are announced as such on every read.
    warnings.simplefilter("ignore")
    for name in sys.argv[1:]:
        print(json.dumps(describe(name)))
