"""Golden values for directions: derivative covariances from GPyTorch, and signs imposed on Gaussian quantities.

Run: python monotone.py   (numpy, scipy, torch, gpytorch; float64, one thread)
Writes monotone.gpytorch-<version>.json and monotone-signs.scipy-<version>.json beside itself. Moments given signs are by
dense propagation in plain numpy (no damping, natural parameters, covariance by inversion) and, as a check that is not
propagation at all, by a Gibbs sampler of the truncated normal; probabilities also by scipy's multivariate normal.
"""

import json
import pathlib

import gpytorch
import numpy as np
import scipy
import torch
from gpytorch.kernels import Matern52KernelGrad, RBFKernelGrad
from scipy.stats import multivariate_normal, norm

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
rng = np.random.default_rng(20100513)


def write(name, content):
    (HERE / name).write_text(json.dumps(content, indent=1) + "\n")


def covariances():
    cases = []
    for name, kind in (("rbf", RBFKernelGrad), ("matern-5/2", Matern52KernelGrad)):
        for d in (1, 3):
            X = rng.random((5, d))
            lengthscales = 0.2 + rng.random(d)
            kernel = kind(ard_num_dims=d)
            kernel.lengthscale = torch.tensor(lengthscales)
            K = kernel(torch.tensor(X)).to_dense().detach().numpy()
            cases.append(dict(kernel=name, X=X.tolist(), lengthscales=lengthscales.tolist(), covariance=K.tolist()))
    return cases


def propagate(mean, C, sign, slack):
    m = len(mean)
    T, b = np.zeros(m), np.zeros(m)
    P0 = np.linalg.inv(C)
    for _ in range(2000):
        before = (T.copy(), b.copy())
        for i in range(m):
            S = np.linalg.inv(P0 + np.diag(T))
            mu = S @ (P0 @ mean + b)
            tc = 1 / S[i, i] - T[i]
            bc = mu[i] / S[i, i] - b[i]
            M, V = bc / tc, 1 / tc
            s = np.sqrt(V + slack[i] ** 2)
            z = sign[i] * M / s
            r = np.exp(norm.logpdf(z) - norm.logcdf(z))
            mt, vt = M + sign[i] * V * r / s, V - V * V * r * (z + r) / s**2
            T[i], b[i] = 1 / vt - tc, mt / vt - bc
        if np.max(np.abs(T - before[0])) < 1e-13 * np.max(T) and np.max(np.abs(b - before[1])) < 1e-13 * np.max(np.abs(b)):
            break
    S = np.linalg.inv(P0 + np.diag(T))
    mu = S @ (P0 @ mean + b)
    h = P0 @ mean
    logz = 0.5 * ((h + b) @ mu - h @ mean) - 0.5 * np.linalg.slogdet(np.eye(m) + C @ np.diag(T))[1]
    for i in range(m):
        tc, bc = 1 / S[i, i] - T[i], mu[i] / S[i, i] - b[i]
        z = sign[i] * (bc / tc) / np.sqrt(1 / tc + slack[i] ** 2)
        logz += norm.logcdf(z) + 0.5 * np.log1p(T[i] / tc) + 0.5 * (bc**2 / tc - (bc + b[i]) ** 2 / (tc + T[i]))
    return mu, S, logz


def gibbs(mean, C, sign, draws=200_000):
    """Moments of N(mean, C) truncated to the signs (slack 0)."""
    m = len(mean)
    P = np.linalg.inv(C)
    g = np.abs(mean) * sign + sign * np.sqrt(np.diag(C))
    local = np.random.default_rng(7)
    total, squares = np.zeros(m), np.zeros(m)
    for k in range(draws + 1000):
        for i in range(m):
            v = 1 / P[i, i]
            c = mean[i] - v * (P[i] @ (g - mean) - P[i, i] * (g[i] - mean[i]))
            u = local.random()
            a = -sign[i] * c / np.sqrt(v)
            g[i] = c + sign[i] * np.sqrt(v) * truncate(a, u)
        if k >= 1000:
            total += g
            squares += g * g
    average = total / draws
    return average, np.sqrt(squares / draws - average**2)


def truncate(a, u):
    """A standard normal above a, by inversion in the upper tail."""
    return norm.isf(u * norm.sf(a))


def signs():
    cases = []
    for m, shift, sampled in ((1, -2.0, True), (3, 0.3, True), (6, -0.6, True), (12, -1.5, False)):
        A = rng.normal(size=(m, m + 2))
        C = A @ A.T / (m + 2) + 0.05 * np.eye(m)
        sign = np.where(rng.random(m) < 0.7, 1.0, -1.0)
        mean = sign * shift + 0.3 * rng.normal(size=m)
        slack = np.full(m, 1e-6 if sampled else 0.3)
        mu, S, logz = propagate(mean, C, sign, slack)
        case = dict(mean=mean.tolist(), covariance=C.tolist(), sign=sign.tolist(), slack=slack.tolist(),
                    posteriorMean=mu.tolist(), posteriorCovariance=S.tolist(), logProbability=float(logz))
        if sampled:
            average, spread = gibbs(mean, C, sign, 60_000)
            D = np.diag(sign)
            exact = multivariate_normal(mean=np.zeros(m), cov=D @ C @ D).cdf(sign * mean) if m > 1 else norm.cdf(sign[0] * mean[0] / np.sqrt(C[0, 0]))
            case.update(sampledMean=average.tolist(), sampledStdDev=spread.tolist(), exactLogProbability=float(np.log(exact)))
        cases.append(case)
    return cases


write(f"monotone.gpytorch-{gpytorch.__version__}.json", covariances())
write(f"monotone-signs.scipy-{scipy.__version__}.json", signs())
