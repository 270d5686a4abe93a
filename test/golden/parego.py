"""Golden values of the augmented Chebyshev scalarisation and of its expected improvement, from BoTorch.

Run with BoTorch and SciPy installed; writes parego.botorch-<version>.json beside this script. The expected improvement of
independent Gaussians over a fixed best value is an average of BoTorch's scalarisation over 2^20 scrambled Sobol points.
"""

import json
import pathlib

import botorch
import numpy as np
import torch
from botorch.utils.multi_objective.scalarization import get_chebyshev_scalarization
from scipy.stats import norm, qmc

torch.set_default_dtype(torch.double)
HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20200609)


def case(objectives, rows):
    weights = rng.dirichlet(np.ones(objectives))
    known = rng.normal(size=(rows, objectives))
    scalar = get_chebyshev_scalarization(torch.tensor(weights), torch.tensor(known))
    points = rng.normal(size=(4, objectives)) * 1.5
    mean = 1.0 + rng.normal(size=objectives) * 0.5
    std = 0.2 + rng.uniform(size=objectives)
    best = float(scalar(torch.tensor(known)).max())
    uniform = qmc.Sobol(objectives, seed=7).random(2**20)
    draws = mean + std * norm.ppf(np.clip(uniform, 1e-12, 1 - 1e-12))
    gains = (scalar(torch.tensor(draws)) - best).clamp_min(0.0)
    return {
        "weights": weights.tolist(),
        "known": known.tolist(),
        "points": points.tolist(),
        "scalarized": scalar(torch.tensor(points)).tolist(),
        "mean": mean.tolist(),
        "stdDev": std.tolist(),
        "best": best,
        "expectedImprovement": float(gains.mean()),
    }


cases = [case(m, n) for m, n in [(2, 6), (3, 8), (5, 12), (6, 10)]]
path = HERE / f"parego.botorch-{botorch.__version__}.json"
path.write_text(json.dumps({"cases": cases}, indent=1) + "\n")
