"""Designs by pyDOE3, D- and G-efficiency by numpy, power of the t test by scipy; D-optimal determinants by an exchange
that tries every candidate for every run from many starts. Writes designs.pydoe3-<version>.json beside this file.

    pip install pyDOE3==1.6.2 numpy scipy
    python test/golden/designs.py
"""

import itertools
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pyDOE3 import bbdesign, ccdesign, fracfact_by_res
from scipy import stats


def quadratic(rows):
    rows = np.asarray(rows, float)
    k = rows.shape[1]
    columns = [np.ones(len(rows)), *rows.T]
    columns += [rows[:, i] * rows[:, j] for i, j in itertools.combinations(range(k), 2)]
    columns += [rows[:, i] ** 2 for i in range(k)]
    return np.column_stack(columns)


def quality(rows, region):
    X, R = quadratic(rows), quadratic(np.vstack([region, rows]))
    n, p = X.shape
    inverse = np.linalg.inv(X.T @ X)
    variances = np.einsum("ij,jk,ik->i", R, inverse, R)
    return {
        "rows": np.asarray(rows).tolist(),
        "region": np.asarray(region).tolist(),
        "d": 100 * np.linalg.det(X.T @ X) ** (1 / p) / n,
        "g": 100 * p / (n * variances.max()),
        "mean": variances[: len(region)].mean(),
        "standard_errors": np.sqrt(np.diag(inverse))[1:].tolist(),
    }


def best_log_det(candidates, n, starts, rng):
    X = quadratic(candidates)
    best = -np.inf
    for _ in range(starts):
        chosen = rng.integers(len(X), size=n)
        value = np.linalg.slogdet(X[chosen].T @ X[chosen] + 1e-9 * np.eye(X.shape[1]))[1]
        moved = True
        while moved:
            moved = False
            for i in range(n):
                for j in range(len(X)):
                    trial = chosen.copy()
                    trial[i] = j
                    after = np.linalg.slogdet(X[trial].T @ X[trial] + 1e-9 * np.eye(X.shape[1]))[1]
                    if after > value + 1e-9:
                        chosen, value, moved = trial, after, True
        best = max(best, np.linalg.slogdet(X[chosen].T @ X[chosen])[1])
    return best


def power(delta, freedom, level=0.05):
    t = stats.t.ppf(1 - level / 2, freedom)
    return float(stats.nct.sf(t, freedom, delta) + stats.nct.cdf(-t, freedom, delta))


rng = np.random.default_rng(7)
region = {k: rng.uniform(-1, 1, (40, k)) for k in (2, 3, 4)}
lattice = [np.array(list(itertools.product([-1, 0, 1], repeat=k)), float) for k in (2, 3)]
cut = np.array([x for x in itertools.product(np.linspace(-1, 1, 5), repeat=2) if sum(x) <= 0.5])

golden = {
    "ccd_rotatable": {k: ccdesign(k, center=(0, 0), alpha="r", face="cci").tolist() for k in (2, 3, 4)},
    "ccd_face": {k: ccdesign(k, center=(0, 0), face="ccf").tolist() for k in (2, 3)},
    "box_behnken": {k: bbdesign(k, center=0).tolist() for k in (3, 4, 5, 6, 7)},
    "fractions": [
        {"factors": k, "resolution": r, "runs": len(fracfact_by_res(k, r))}
        for k, r in [(4, 3), (5, 3), (5, 4), (6, 3), (6, 4), (7, 3), (7, 4), (8, 4), (9, 4), (10, 4)]
    ],
    "quality": [quality(np.vstack([ccdesign(k, center=(0, 0), face="ccf"), np.zeros((2, k))]), region[k]) for k in (2, 3)],
    "power": [
        {"delta": d, "freedom": f, "power": power(d, f)}
        for d in (0.0, 0.5, 1.5, 2.5, 4.0)
        for f in (1, 2, 5, 12, 60)
    ],
    "d_optimal": [
        {"candidates": c.tolist(), "runs": n, "log_det": best_log_det(c, n, 12, rng)}
        for c, n in [(lattice[0], 6), (lattice[0], 9), (lattice[1], 10), (lattice[1], 14), (cut, 8)]
    ],
}
path = Path(__file__).parent / f"designs.pydoe3-{version('pyDOE3')}.json"
path.write_text(json.dumps(golden) + "\n")
