"""Minima of test problems in boxes, by scipy.optimize.minimize(method="L-BFGS-B") with tight tolerances.

Writes math-lbfgsb.scipy-<version>.json: problem, start, bounds (null: none), value, x, iterations and evaluations.
The problems are defined again in test/math/lbfgsb.test.ts.
"""

import json
import pathlib

import numpy as np
import scipy
from scipy.optimize import minimize


def rosenbrock(x):
    a, b = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    g = np.zeros_like(x)
    g[:-1] += -400 * a * x[:-1] - 2 * b
    g[1:] += 200 * a
    return (100 * a * a + b * b).sum(), g


def quadratic(x):
    i = np.arange(len(x))
    c = 10 ** (4 * i / len(x))
    e = x - i % 3
    return 0.5 * (c * e * e).sum(), c * e


def beale(x):
    f, g = 0.0, np.zeros(2)
    for k, target in enumerate((1.5, 2.25, 2.625), start=1):
        e = target - x[0] * (1 - x[1] ** k)
        f += e * e
        g += 2 * e * np.array([-(1 - x[1] ** k), x[0] * k * x[1] ** (k - 1)])
    return f, g


def powell(x):
    a, b, c, d = x[0] + 10 * x[1], x[2] - x[3], x[1] - 2 * x[2], x[0] - x[3]
    f = a * a + 5 * b * b + c**4 + 10 * d**4
    return f, np.array(
        [2 * a + 40 * d**3, 20 * a + 4 * c**3, 10 * b - 8 * c**3, -10 * b - 40 * d**3]
    )


PROBLEMS = [
    ("rosenbrock", [-1.2, 1.0], None, None),
    ("rosenbrock", [-1.2, 0.5], -2.0, 0.8),
    ("rosenbrock", [-1.2, 0.9] * 3, -1.5, 0.9),
    ("rosenbrock", [0.5, 1.0] * 5, 0.5, 3.0),
    ("rosenbrock", [-1.2, 1.0] * 20, None, None),
    ("rosenbrock", [0.5, 1.0] * 30, 0.5, 3.0),
    ("rosenbrock", [-1.2, 0.8] * 50, -2.0, 0.8),
    ("quadratic", [0.5] * 8, None, None),
    ("quadratic", [0.5] * 8, 0.25, 1.5),
    ("quadratic", [0.5] * 60, 0.25, 1.5),
    ("beale", [1.0, 1.0], -4.5, 4.5),
    ("beale", [1.0, 0.7], 0.6, 2.5),
    ("powell", [3.0, -1.0, 0.0, 1.0], None, None),
    ("powell", [3.0, 1.0, 0.5, 1.0], 0.1, 3.0),
]

rows = []
for name, start, low, high in PROBLEMS:
    result = minimize(
        globals()[name],
        np.array(start),
        jac=True,
        method="L-BFGS-B",
        bounds=[(low, high)] * len(start),
        options={"ftol": 0, "gtol": 1e-10, "maxiter": 15000, "maxfun": 15000},
    )
    rows.append(
        {
            "problem": name,
            "start": start,
            "low": low,
            "high": high,
            "value": result.fun,
            "x": result.x.tolist(),
            "iterations": int(result.nit),
            "evaluations": int(result.nfev),
        }
    )
out = pathlib.Path(__file__).parent / f"math-lbfgsb.scipy-{scipy.__version__}.json"
out.write_text("[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows) + "\n]\n")
