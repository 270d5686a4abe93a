"""Fits and predicts with scikit-learn's and BoTorch's Gaussian processes as their users do, one thread, CPU time.

Reads JSON from standard input: {"peers": [...], "tasks": [{"name", "X", "y", "points", "repeats"?, "peers"?}]}, inputs
in the unit cube, outcomes raw. Writes JSON to standard output: {"machine", "versions", "results": [{"peer", "name",
"mean", "stdDev", "cpuSeconds"}]}: mean and standard deviation of a new noisy observation at each point, and the least
CPU seconds of the fit over its repeats. {"cholesky": [n, ...]} instead measures LAPACK's dpotrf in GFLOP/s.

scikit-learn: ConstantKernel × Matérn-5/2 with a lengthscale an input + WhiteKernel, normalize_y, two restarts.
BoTorch: SingleTaskGP as it comes (RBF, dimension-scaled prior, standardised outcome), fit_gpytorch_mll.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import json
import platform
import sys
import time
import warnings

import numpy as np
import scipy

warnings.filterwarnings("ignore")


def scikit_learn(X, y, points):
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    kernel = ConstantKernel() * Matern(np.full(X.shape[1], 0.5), nu=2.5) + WhiteKernel(1e-2)
    start = time.process_time()
    model = GaussianProcessRegressor(kernel, normalize_y=True, n_restarts_optimizer=2, random_state=0).fit(X, y)
    seconds = time.process_time() - start
    mean, deviation = model.predict(points, return_std=True)  # the white noise is part of the prediction
    return mean, deviation, seconds


def botorch(X, y, points, covariance=None):
    import torch
    from botorch import fit_gpytorch_mll
    from botorch.models import SingleTaskGP
    from gpytorch.mlls import ExactMarginalLogLikelihood

    start = time.process_time()
    model = SingleTaskGP(torch.tensor(X), torch.tensor(y)[:, None], covar_module=covariance)
    fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
    seconds = time.process_time() - start
    with torch.no_grad():
        posterior = model.posterior(torch.tensor(points), observation_noise=True)
    return posterior.mean.detach().flatten().numpy(), posterior.variance.detach().flatten().sqrt().numpy(), seconds


def botorch_matern(X, y, points):
    from botorch.models.utils.gpytorch_modules import get_matern_kernel_with_gamma_prior

    return botorch(X, y, points, get_matern_kernel_with_gamma_prior(X.shape[1]))


PEERS = {"scikit-learn": scikit_learn, "BoTorch": botorch, "BoTorch Matérn": botorch_matern}


def run(peer, task):
    X, y, points = (np.array(task[key], dtype=float) for key in ("X", "y", "points"))
    best = None
    for _ in range(task.get("repeats", 1)):
        try:
            mean, deviation, seconds = PEERS[peer](X, y, points)
        except Exception as error:  # a failed fit is a result
            return {"peer": peer, "name": task["name"], "failure": f"{type(error).__name__}: {error}"[:200]}
        best = seconds if best is None else min(best, seconds)
    return {
        "peer": peer,
        "name": task["name"],
        "mean": [float(f"{value:.8g}") for value in mean],
        "stdDev": [float(f"{value:.8g}") for value in deviation],
        "cpuSeconds": best,
    }


def cholesky(n):
    """GFLOP/s of dpotrf (n³/3 operations): the best of half a second of runs, wall clock."""
    from scipy.linalg.lapack import dpotrf

    A = np.exp(-8 * np.abs(np.subtract.outer(np.arange(n), np.arange(n))) / n) + 0.1 * np.eye(n)
    A = np.asfortranarray(A)
    best, begin = np.inf, time.perf_counter()
    while time.perf_counter() - begin < 0.5:
        copy = A.copy(order="F")
        start = time.perf_counter()
        dpotrf(copy, lower=1, overwrite_a=1)
        best = min(best, time.perf_counter() - start)
    return {"n": n, "gigaflops": n**3 / 3 / best / 1e9}


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main():
    request = json.load(sys.stdin)
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    results = []
    if request.get("tasks"):
        import gpytorch
        import sklearn
        import torch

        import botorch as package

        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(1)
        torch.manual_seed(0)
        versions |= {module.__name__: module.__version__ for module in (sklearn, torch, gpytorch, package)}
        warm = {"name": "warm", "X": [[0.1], [0.5], [0.9]], "y": [0.0, 1.0, 0.5], "points": [[0.3]]}
        for peer in request["peers"]:
            run(peer, warm)  # imported before anything is timed
        for task in request["tasks"]:
            results += [run(peer, task) for peer in task.get("peers", request["peers"])]
    speeds = [cholesky(n) for n in request.get("cholesky", [])]
    machine = {"processor": processor(), "cores": os.cpu_count()}
    json.dump({"machine": machine, "versions": versions, "results": results, "cholesky": speeds}, sys.stdout)


main()
