"""Golden values of a Gaussian process whose rows share errors by whole plots.

Run: python whole-plot.py   (numpy, scipy, scikit-learn; float64)
Writes whole-plot.sklearn-<version>.json: Matern 5/2 covariances by scikit-learn, the density of all single rows as one
multivariate normal by scipy, the posterior by solving with the full covariance, and every plot predicted by the rows of
the others alone. Nothing is merged and nothing is factorised cleverly.
"""

import json
import pathlib

import numpy as np
import sklearn
from scipy.stats import multivariate_normal
from sklearn.gaussian_process.kernels import Matern

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261123)

plots = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4])
temperature = np.array([0.2, 0.7, 0.2, 1.0, 0.5])[plots]
load = rng.random(len(plots)).round(2)
load[2] = load[1]  # a replicate inside a plot
load[7] = load[0]  # the setting of plot 0 again, in plot 2
load[12] = load[11] = load[10]
X = np.column_stack([temperature, load])
y = np.sin(3 * temperature) + load**2 + 0.4 * rng.standard_normal(5)[plots] + 0.1 * rng.standard_normal(len(plots))
y = ((y - y.mean()) / y.std(ddof=1)).round(6)
points = np.array([[0.2, 0.3], [0.5, 0.5], [0.9, 0.1], [0.21, 0.31]])


def case(lengthscales, signal, noise, plot_variance):
    kernel = Matern(length_scale=lengthscales, nu=2.5)
    same = (plots[:, None] == plots[None, :]).astype(float)
    A = signal * kernel(X) + plot_variance * same + noise * np.eye(len(y))
    cross = signal * kernel(points, X)
    solved = np.linalg.solve(A, cross.T)
    left_out = []
    for plot in range(5):
        held, kept = plots == plot, plots != plot
        weights = np.linalg.solve(A[np.ix_(kept, kept)], A[np.ix_(kept, held)])
        left_out.append(
            {
                "rows": np.flatnonzero(held).tolist(),
                "mean": (weights.T @ y[kept]).tolist(),
                "latentVariance": (signal - np.sum(A[np.ix_(kept, held)] * weights, axis=0)).tolist(),
            }
        )
    return {
        "lengthscales": lengthscales,
        "signalVariance": signal,
        "noiseVariance": noise,
        "plotVariance": plot_variance,
        "logLikelihood": float(multivariate_normal(np.zeros(len(y)), A).logpdf(y)),
        "mean": (solved.T @ y).tolist(),
        "covariance": (signal * kernel(points) - cross @ solved).tolist(),
        "leftOut": left_out,
    }


content = {
    "X": X.tolist(),
    "y": y.tolist(),
    "plots": plots.tolist(),
    "points": points.tolist(),
    "cases": [case([0.5, 0.8], 1.3, 0.02, 0.15), case([1.5, 0.3], 4.0, 0.1, 0.6), case([0.4, 0.4], 0.7, 0.05, 1e-6)],
}
(HERE / f"whole-plot.sklearn-{sklearn.__version__}.json").write_text(json.dumps(content, indent=1) + "\n")
