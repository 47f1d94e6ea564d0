"""Writes test/golden/rank-tests.json: scipy's Wilcoxon, Friedman, chi-square and studentised-range values.

    python3 -m venv venv && venv/bin/pip install scipy
    venv/bin/python test/reference/rank_tests.py test/golden/rank-tests.json
"""

import itertools
import json
import sys
from importlib.metadata import version

import numpy as np
from scipy import stats

rng = np.random.default_rng(3)
samples = [rng.normal(0.3, 1, n).round(3) for n in [1, 2, 3, 5, 8, 13, 25]]
tied = [np.array(values, dtype=float) for values in [[1, 1, -1, 2, 3], [0.5, 0.5, 0.5, -0.5, 1, 1, 2, -3], [1, 1, 1, 1, 1, 1]]]


def by_hand(d):
    """All signs of the ranks as they are."""
    ranks = stats.rankdata(np.abs(d))
    sums = np.array([(ranks * np.array(signs)).sum() for signs in itertools.product([0, 1], repeat=len(d))])
    found = ranks[d > 0].sum()
    low = min(found, ranks.sum() - found)
    return min(1.0, 2 * float((sums <= low + 1e-9).mean()))


tables = [rng.normal(np.arange(k) * 0.4, 1, (n, k)).round(1) for n, k in [(6, 3), (12, 5), (13, 7)]]
json.dump(
    {
        "made_by": "test/reference/rank_tests.py",
        "scipy": version("scipy"),
        "signed_rank": [{"differences": d.tolist(), "p": float(stats.wilcoxon(d, method="exact").pvalue)} for d in samples]
        + [{"differences": d.tolist(), "p": by_hand(d)} for d in tied],
        "friedman": [
            {"scores": t.tolist(), "statistic": float(f.statistic), "p": float(f.pvalue)}
            for t in tables
            for f in [stats.friedmanchisquare(*t.T)]
        ],
        "range": [
            {"q": q, "k": k, "above": float(stats.studentized_range.sf(q, k, np.inf))}
            for k in [2, 3, 7, 12]
            for q in [0.1, 1.0, 2.5, 3.5, 5.0]
        ],
        "normal": [{"z": z, "below": float(stats.norm.cdf(z))} for z in [-8, -3.2, -2.9, -1, -0.1, 0, 0.7, 2.5, 4]],
        "chi_square": [
            {"x": x, "degrees": d, "above": float(stats.chi2.sf(x, d))} for d in [1, 2, 3, 6, 11] for x in [0.5, 3.0, 12.0]
        ],
    },
    open(sys.argv[1], "w"),
)
