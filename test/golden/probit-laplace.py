"""Probit classification by a Gaussian process: Laplace's approximation at fixed hyperparameters, by SciPy's optimiser
on the latent values and dense linear algebra (no Newton step shared with the engine), and the exact posterior mean of
the success probability by importance sampling from that Gaussian.

Writes probit-laplace.scipy-<version>.json beside this script.
"""
import json
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import minimize, root
from scipy.stats import norm

rng = np.random.default_rng(3)


def matern52(A, B, lengths):
    r = np.sqrt((((A[:, None, :] - B[None, :, :]) / lengths) ** 2).sum(-1))
    a = np.sqrt(5) * r
    return (1 + a + a * a / 3) * np.exp(-a)


cases = []
for n, d, failing in [(6, 1, 1), (20, 2, 6), (40, 3, 15)]:
    X = rng.random((n, d))
    score = X @ np.linspace(2, 1, d) + 0.3 * rng.standard_normal(n)
    y = np.where(np.argsort(np.argsort(score)) >= n - failing, -1.0, 1.0)
    lengths = np.linspace(0.4, 0.9, d)
    s2, base = 3.0, 0.35
    mean = base * np.sqrt(1 + s2)
    K = s2 * matern52(X, X, lengths)
    Kinv = np.linalg.inv(K + 1e-12 * np.eye(n))

    def negative(f):
        g = f - mean
        z = y * f
        ratio = np.exp(norm.logpdf(z) - norm.logcdf(z))
        return -norm.logcdf(z).sum() + 0.5 * g @ Kinv @ g, -y * ratio + Kinv @ g

    f = minimize(negative, np.full(n, mean), jac=True, method="L-BFGS-B", options={"maxiter": 100000, "ftol": 1e-16, "gtol": 1e-12}).x
    f = root(lambda f: negative(f)[1], f, tol=1e-14).x
    z = y * f
    ratio = np.exp(norm.logpdf(z) - norm.logcdf(z))
    W = ratio * (z + ratio)
    B = np.eye(n) + np.sqrt(W)[:, None] * K * np.sqrt(W)[None, :]
    evidence = -negative(f)[0] - 0.5 * np.linalg.slogdet(B)[1]
    P = rng.random((5, d))
    Ks = s2 * matern52(P, X, lengths)
    C = np.linalg.inv(K + np.diag(1 / W))
    m = mean + Ks @ Kinv @ (f - mean)
    v = s2 - np.einsum("ij,jk,ik->i", Ks, C, Ks)
    probability = norm.cdf(m / np.sqrt(1 + v))
    # Importance sampling of the exact posterior of the latent values, from a widened Gaussian about the mode.
    S = K - K @ C @ K
    factor = np.linalg.cholesky(1.5 * S + 1e-10 * np.eye(n))
    e = rng.standard_normal((200000, n))
    F = f + e @ factor.T
    logw = norm.logcdf(y * F).sum(1) - 0.5 * np.einsum("si,ij,sj->s", F - mean, Kinv, F - mean) + 0.5 * (e * e).sum(1)
    w = np.exp(logw - logw.max())
    w /= w.sum()
    conditional = s2 - np.einsum("ij,jk,ik->i", Ks, Kinv, Ks)
    M = mean + (F - mean) @ Kinv @ Ks.T
    exact = (w[:, None] * norm.cdf(M / np.sqrt(1 + np.maximum(conditional, 0)))).sum(0)
    cases.append(
        {
            "X": X.tolist(), "labels": y.astype(int).tolist(), "lengthscales": lengths.tolist(), "signalVariance": s2,
            "base": base, "latent": f.tolist(), "logEvidence": evidence, "points": P.tolist(),
            "probability": probability.tolist(), "exactProbability": exact.tolist(),
        }
    )

out = Path(__file__).parent / f"probit-laplace.scipy-{scipy.__version__}.json"
out.write_text(json.dumps({"scipy": scipy.__version__, "numpy": np.__version__, "cases": cases}) + "\n")
