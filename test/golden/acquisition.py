"""Golden values of acquisition functions, from BoTorch and from mpmath.

Run with BoTorch, GPyTorch, torch and mpmath installed; writes acquisition.botorch-<version>.json and
acquisition.mpmath-<version>.json beside this script.
"""

import itertools
import json
import pathlib
import warnings

import botorch
import mpmath
import numpy as np
import torch
from botorch.acquisition.analytic import (
    LogConstrainedExpectedImprovement,
    LogExpectedImprovement,
    LogNoisyExpectedImprovement,
    LogProbabilityOfFeasibility,
    NoisyExpectedImprovement,
)
from botorch.acquisition.multi_objective.analytic import ExpectedHypervolumeImprovement
from botorch.models import SingleTaskGP
from botorch.utils.multi_objective.box_decompositions.non_dominated import (
    FastNondominatedPartitioning,
    NondominatedPartitioning,
)
from botorch.utils.multi_objective.hypervolume import Hypervolume, infer_reference_point
from botorch.utils.multi_objective.pareto import is_non_dominated
from botorch.utils.testing import MockModel, MockPosterior

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.double)
HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20240611)


def mock(mean, std):
    """A model whose posterior at any point is N(mean, diag(std^2)), shape [1, 1, m]."""
    mean = torch.tensor(mean).reshape(1, 1, -1)
    variance = torch.tensor(std).reshape(1, 1, -1) ** 2
    return MockModel(MockPosterior(mean=mean, variance=variance))


def at(acquisition):
    return float(acquisition(torch.zeros(1, 1, 1)))


def log_ei():
    cases = []
    for mean, std, best in [
        (0.3, 0.5, 0.0), (0.0, 1.0, 0.0), (-0.5, 0.25, 0.0), (-1.0, 0.5, 0.2), (-3.0, 0.5, 0.0), (-8.0, 1.0, 0.3),
        (-20.0, 1.0, 0.0), (-200.0, 1.0, 0.0), (-2e4, 1.0, 0.0), (5.0, 0.01, -1.0), (1.0, 1e-3, 1.05), (2.0, 3.0, -7.5),
    ]:  # fmt: skip
        cases.append({"mean": mean, "stdDev": std, "best": best,
                      "value": at(LogExpectedImprovement(mock([mean], [std]), best_f=best))})  # fmt: skip
    return cases


def constrained():
    cases = []
    for _ in range(12):
        mean, std = rng.normal(size=3) * 1.5, rng.uniform(0.05, 1.5, size=3)
        lower, upper = float(rng.uniform(-1.5, 0)), float(rng.uniform(0.2, 1.5))
        model = mock(mean.tolist(), std.tolist())
        limits = {1: (lower, upper), 2: (None, upper)}
        cases.append({
            "mean": mean.tolist(), "stdDev": std.tolist(), "best": 0.4, "lower": lower, "upper": upper,
            "logConstrainedEi": at(LogConstrainedExpectedImprovement(model, 0.4, objective_index=0, constraints=limits)),
            "logFeasible": at(LogProbabilityOfFeasibility(model, limits)),
        })  # fmt: skip
    return cases


def random_front(n, m):
    points = np.abs(rng.normal(size=(n, m)))
    return points / np.linalg.norm(points, axis=1, keepdims=True) ** 0.7


def hypervolume():
    cases = []
    for m, n in [(2, 1), (2, 7), (2, 25), (3, 1), (3, 6), (3, 14), (4, 5), (4, 9)]:
        points = torch.tensor(random_front(n, m))
        reference = torch.full((m,), 0.15)
        front = points[is_non_dominated(points)]
        partitioning = FastNondominatedPartitioning(ref_point=reference, Y=points)
        other = NondominatedPartitioning(ref_point=reference, Y=points)
        beliefs = []
        for _ in range(5):
            mean, std = rng.uniform(-0.5, 1.4, size=m).tolist(), rng.uniform(0.02, 0.6, size=m).tolist()
            values = [
                at(ExpectedHypervolumeImprovement(mock(mean, std), ref_point=reference.tolist(), partitioning=p))
                for p in (partitioning, other)
            ]
            assert abs(values[0] - values[1]) <= 1e-9 * max(values[0], 1e-6), values
            beliefs.append({"mean": mean, "stdDev": std, "value": values[0]})
        cases.append({
            "points": points.tolist(), "reference": reference.tolist(), "frontSize": int(front.shape[0]),
            "volume": float(Hypervolume(ref_point=reference).compute(front)), "beliefs": beliefs,
            "inferredReference": infer_reference_point(front).tolist() if front.shape[0] > 1 else None,
        })  # fmt: skip
    return cases


def noisy():
    """Noisy EI by fantasies: the fantasies' drawn values, conditional means and variances, and the averages."""
    X = torch.tensor(rng.uniform(size=(9, 2)))
    Y = (torch.sin(5 * X[:, :1]) + X[:, 1:] ** 2) + 0.1 * torch.tensor(rng.normal(size=(9, 1)))
    cases = []
    for maximize in (True, False):
        model = SingleTaskGP(X, Y, torch.full_like(Y, 0.02), outcome_transform=None)
        torch.manual_seed(5)
        plain = NoisyExpectedImprovement(model, X, num_fantasies=32, maximize=maximize)
        torch.manual_seed(5)
        logarithmic = LogNoisyExpectedImprovement(model, X, num_fantasies=32, maximize=maximize)
        points = []
        for x in rng.uniform(size=(6, 2)):
            test = torch.tensor(x).reshape(1, 1, 2)
            mean, sigma = logarithmic._mean_and_sigma(test.unsqueeze(-3))
            points.append({
                "means": mean.reshape(-1).tolist(), "stdDevs": sigma.reshape(-1).tolist(),
                "log": float(logarithmic(test)), "noisyEi": float(plain(test)),
            })  # fmt: skip
        cases.append({"maximize": maximize, "best": logarithmic.best_f.reshape(-1).tolist(), "points": points})
    return cases


def linear_part(gain, p, q, mean, std):
    """∫_p^q gain(g) N(g; mean, std²) dg for a gain that is linear from p to q."""
    inner = p + 1 if q == mpmath.inf else q - 1 if p == -mpmath.inf else (2 * p + q) / 3
    other = inner + 1 if q == mpmath.inf else inner - 1 if p == -mpmath.inf else (p + 2 * q) / 3
    slope = (gain(other) - gain(inner)) / (other - inner)
    offset = gain(inner) - slope * inner
    a, b = (p - mean) / mpmath.mpf(std), (q - mean) / mpmath.mpf(std)
    mass = mpmath.ncdf(b) - mpmath.ncdf(a)
    return (offset + slope * mean) * mass + slope * std * (mpmath.npdf(a) - mpmath.npdf(b))


def piecewise():
    """log E[(min(u(g), upper) − lower)₊ 1{a ≤ g ≤ b}], piece by piece in closed form with 600 digits."""
    mpmath.mp.dps = 600
    cases = []
    settings = [
        ("maximize", None, 0.2, None, None, None), ("maximize", None, 0.2, 0.9, None, None),
        ("maximize", None, 0.2, None, -1.0, 0.8), ("maximize", None, 0.2, 0.5, 0.3, 0.8),
        ("maximize", None, 0.2, 0.5, 0.6, 0.8), ("minimize", None, -0.4, None, 0.1, 5.0),
        ("minimize", None, -0.4, -0.2, None, None), ("target", 0.5, -0.3, None, None, None),
        ("target", 0.5, -0.3, -0.1, None, None), ("target", 0.5, -0.3, None, 0.4, 2.0),
        ("target", 0.5, -0.3, -0.05, 0.52, 0.7), ("target", 0.5, -1e-3, None, None, None),
    ]  # fmt: skip
    for goal, target, lower, upper, a, b in settings:
        for mean, std in [(0.3, 0.4), (0.5, 0.05), (-2.0, 0.3), (4.0, 0.5), (0.45, 3.0), (9.0, 0.25)]:
            def gain(g):
                u = g if goal == "maximize" else -g if goal == "minimize" else -abs(g - target)
                return max(min(u, upper if upper is not None else mpmath.inf) - mpmath.mpf(lower), 0)

            knots = {-mpmath.inf if a is None else mpmath.mpf(a), mpmath.inf if b is None else mpmath.mpf(b)}
            ends = sorted(knots)
            cuts = [lower, -lower, upper, None if upper is None else -upper, target]
            if target is not None:
                cuts += [target + mpmath.mpf(lower), target - mpmath.mpf(lower)]
                cuts += [] if upper is None else [target + mpmath.mpf(upper), target - mpmath.mpf(upper)]
            knots |= {mpmath.mpf(k) for k in cuts if k is not None and ends[0] < k < ends[1]}
            total = sum(linear_part(gain, p, q, mean, std) for p, q in itertools.pairwise(sorted(knots)))
            cases.append({"goal": goal, "target": target, "lower": lower, "upper": upper, "a": a, "b": b,
                          "mean": mean, "stdDev": std, "log": float(mpmath.log(total))})  # fmt: skip
    return cases


def write(name, values):
    (HERE / name).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


write(f"acquisition.botorch-{botorch.__version__}.json", {
    "logEi": log_ei(), "constrained": constrained(), "hypervolume": hypervolume(), "noisy": noisy(),
})  # fmt: skip
write(f"acquisition.mpmath-{mpmath.__version__}.json", {"piecewise": piecewise()})
