"""Metrics of a small sample from NumPy, the CRPS by numerical integration in mpmath, and Gauss-Hermite rules.

Writes math-metrics.numpy-<version>.json.
"""

import json
import pathlib

import mpmath
import numpy as np

rng = np.random.default_rng(3)
observed = rng.normal(30, 2, 17)
predicted = observed + rng.normal(0, 1, 17)
lower, upper = predicted - 1.5, predicted + 1.5


def crps(y, mean, std):
    def cdf(t):
        return mpmath.ncdf((t - mean) / std)

    below = mpmath.quad(lambda t: cdf(t) ** 2, [mean - 40 * std, mean - 5 * std, min(y, mean), y])
    above = mpmath.quad(lambda t: (1 - cdf(t)) ** 2, [y, max(y, mean), mean + 5 * std, mean + 40 * std])
    return float(below + above)


crps_cases = [(30.5, 30.0, 1.0), (25.0, 30.0, 0.5), (30.0, 30.0, 2.0), (33.0, 30.0, 4.0)]
golden = {
    "observed": observed.tolist(),
    "predicted": predicted.tolist(),
    "lower": lower.tolist(),
    "upper": upper.tolist(),
    "rmse": float(np.sqrt(np.mean((observed - predicted) ** 2))),
    "meanAbsoluteError": float(np.mean(np.abs(observed - predicted))),
    "meanAbsolutePercentageError": float(np.mean(np.abs((observed - predicted) / observed))),
    "r2": float(1 - np.sum((observed - predicted) ** 2) / np.sum((observed - observed.mean()) ** 2)),
    "coverage": float(np.mean((lower <= observed) & (observed <= upper))),
    "mean": float(np.mean(observed)),
    "variance": float(np.var(observed, ddof=1)),
    "median": float(np.median(observed)),
    "medianOfEven": float(np.median(observed[:16])),
    "quantiles": [[p, float(np.quantile(observed, p))] for p in (0, 0.025, 0.25, 0.4, 0.9, 1)],
    "crps": [[*case, crps(*case)] for case in crps_cases],
    "gaussHermite": {},
}
for n in (1, 2, 3, 8, 21, 64):
    nodes, weights = np.polynomial.hermite_e.hermegauss(n)
    golden["gaussHermite"][str(n)] = [nodes.tolist(), (weights / np.sqrt(2 * np.pi)).tolist()]
out = pathlib.Path(__file__).parent / f"math-metrics.numpy-{np.__version__}.json"
out.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
