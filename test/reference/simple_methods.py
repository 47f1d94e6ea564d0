"""Writes test/golden/simple-methods.json: classifiers of scikit-learn and numpy on two simulated studies.

    python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.1
    venv/bin/python test/reference/simple_methods.py test/golden/simple-methods.json
"""

import json
import sys
from importlib.metadata import version

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

CELLS, QUERY, GENES, LABELS, SEED, PENALTY, COMPONENTS, NEIGHBOURS = 60, 40, 25, 3, 5, 0.05, 13, 7

rng = np.random.default_rng(SEED)
label = rng.integers(0, LABELS, CELLS)
programme = rng.normal(0, 0.6, (LABELS, GENES))


def study(of):
    counts = rng.poisson(np.exp(programme[of] + rng.normal(-0.6, 0.5, GENES)))
    return counts.astype(np.float64)


def scaled(values):
    sd = values.std(axis=0, ddof=1)
    sd[sd == 0] = 1
    return np.clip((values - values.mean(axis=0)) / sd, -10, 10)


counts, query_counts = study(label), study(rng.integers(0, LABELS, QUERY))
x, q = scaled(counts), scaled(query_counts)

logistic = LogisticRegression(C=PENALTY, tol=1e-10, max_iter=10000).fit(x, label)


machine = LinearSVC(C=PENALTY, dual=False, tol=1e-12, max_iter=100000).fit(x, label)
margins = machine.decision_function(q)

centroids = np.stack([x[label == k].mean(axis=0) for k in range(LABELS)])
correlation = np.corrcoef(np.vstack([q, centroids]))[:QUERY, QUERY:]

pca = PCA(COMPONENTS, svd_solver="full").fit(np.vstack([x, q]))
votes = KNeighborsClassifier(NEIGHBOURS).fit(pca.transform(x), label).predict_proba(pca.transform(q))

json.dump(
    {
        "made_by": "test/reference/simple_methods.py",
        "versions": {name: version(name) for name in ["numpy", "scipy", "scikit-learn"]},
        "penalty": PENALTY,
        "components": COMPONENTS,
        "neighbours": NEIGHBOURS,
        "counts": counts.astype(int).tolist(),
        "query_counts": query_counts.astype(int).tolist(),
        "label": label.tolist(),
        "logistic_probabilities": logistic.predict_proba(q).tolist(),
        "margins": margins.tolist(),
        "correlations": correlation.tolist(),
        "component_sizes": np.abs(pca.transform(q)).tolist(),
        "votes": votes.tolist(),
    },
    open(sys.argv[1], "w"),
)
