"""Maxima a posteriori of Gaussian processes under GPyTorch's likelihood and priors, from one fixed start.

Run: python gp-maximum.py   (numpy, scipy, torch, gpytorch, botorch; float64, one thread)
Writes gp-maximum.gpytorch-<version>.json beside itself: data, and the largest log posterior (priors are densities of
natural parameters), found by SciPy's L-BFGS-B over log parameters within the bounds of the presets, to ten times the
precision that the test asks for; the gradient that is left inside the bounds is recorded.
"""

import json
import pathlib

import gpytorch
import numpy as np
import torch
from botorch.models.utils.gpytorch_modules import (
    get_covar_module_with_dim_scaled_prior,
    get_gaussian_likelihood_with_lognormal_prior,
)
from gpytorch.kernels import MaternKernel, ScaleKernel
from gpytorch.priors import GammaPrior
from scipy.optimize import minimize

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
rng = np.random.default_rng(20261122)


class Model(gpytorch.models.ExactGP):
    def __init__(self, X, y, likelihood, mean, covariance):
        super().__init__(X, y, likelihood)
        self.mean_module, self.covar_module = mean, covariance

    def forward(self, x):
        return gpytorch.distributions.MultivariateNormal(self.mean_module(x), self.covar_module(x))


def default(X, y):
    """Gamma priors on every hyperparameter, zero mean; start and bounds of our default preset."""
    d = X.shape[1]
    covariance = ScaleKernel(MaternKernel(2.5, ard_num_dims=d, lengthscale_prior=GammaPrior(3.0, 6.0)), outputscale_prior=GammaPrior(2.0, 0.15))
    likelihood = gpytorch.likelihoods.GaussianLikelihood(noise_prior=GammaPrior(1.1, 30.0), noise_constraint=gpytorch.constraints.GreaterThan(1e-9))
    model = Model(X, y, likelihood, gpytorch.means.ZeroMean(), covariance)
    values = [(covariance.base_kernel, "lengthscale", d, 0.5, (5e-3, 1e2)), (likelihood, "noise", 1, 1e-2, (1e-6, 1e1)), (covariance, "outputscale", 1, 1.0, (1e-3, 1e3))]
    return model, likelihood, values


def hvarfner(X, y):
    """BoTorch's dimension-scaled prior with a Matérn kernel, constant mean; start at the modes, noise floor 1e-4."""
    d = X.shape[1]
    covariance = get_covar_module_with_dim_scaled_prior(d, use_rbf_kernel=False)
    likelihood = get_gaussian_likelihood_with_lognormal_prior()
    model = Model(X, y, likelihood, gpytorch.means.ConstantMean(), covariance)
    start = float(np.exp(np.sqrt(2) + 0.5 * np.log(d) - 3))
    values = [(covariance, "lengthscale", d, max(start, 2.5e-2), (2.5e-2, 1e4)), (likelihood, "noise", 1, float(np.exp(-5)), (1e-4, 1e1))]
    return model, likelihood, values


def maximum(preset, X, y):
    model, likelihood, values = preset(torch.tensor(X), torch.tensor(y))
    mll = gpytorch.mlls.ExactMarginalLogLikelihood(likelihood, model)
    model.train()
    likelihood.train()
    constant = [model.mean_module.raw_constant] if isinstance(model.mean_module, gpytorch.means.ConstantMean) else []

    def objective(theta):
        position, logs = 0, []
        for module, name, size, _, bounds in values:
            # GPyTorch refuses values at its own bounds by rounding: stay a hair inside.
            log_value = torch.tensor(np.clip(theta[position : position + size], np.log(bounds[0]) + 1e-12, None))
            module.initialize(**{name: torch.exp(log_value)})
            logs.append((module, name))
            position += size
        if constant:
            model.mean_module.initialize(constant=float(theta[position]))
        model.zero_grad()
        value = mll(model(model.train_inputs[0]), model.train_targets) * len(y)
        value.backward()
        gradient = []
        for module, name in logs:
            raw = getattr(module, f"raw_{name}") if hasattr(module, f"raw_{name}") else module.noise_covar.raw_noise
            constraint = getattr(module, f"raw_{name}_constraint") if hasattr(module, f"raw_{name}_constraint") else module.noise_covar.raw_noise_constraint
            natural = constraint.transform(raw.detach()).flatten()
            # d/d log value = d/d raw · value / (d value / d raw), by autograd of the constraint's own transform
            leaf = raw.detach().clone().requires_grad_(True)
            slope = torch.autograd.grad(constraint.transform(leaf).sum(), leaf)[0].flatten()
            gradient += (raw.grad.flatten() * natural / slope).tolist()
        gradient += [c.grad.item() for c in constant]
        return -value.item(), -np.array(gradient)

    start = [np.log(v[3]) for v in values for _ in range(v[2])] + [0.0] * len(constant)
    bounds = [(np.log(v[4][0]), np.log(v[4][1])) for v in values for _ in range(v[2])] + [(None, None)] * len(constant)
    found = minimize(objective, np.array(start), jac=True, method="L-BFGS-B", bounds=bounds, options=dict(maxiter=2000, maxfun=4000, ftol=1e-15, gtol=1e-8, maxcor=20))
    free = [g for g, x, (low, high) in zip(found.jac, found.x, bounds) if low is None or low + 1e-9 < x < high - 1e-9]
    return dict(logPosterior=-found.fun, optimum=found.x.tolist(), largestGradient=float(np.max(np.abs(free))))


def outcome(kind, X):
    clean = {"smooth": np.sin(3 * X[:, 0]) + X[:, -1] ** 2, "wavy": np.sin(9 * X[:, 0]) + np.cos(5 * X[:, -1]), "skewed": np.exp(2 * X[:, 0] + X[:, -1])}
    return clean[kind]


def main():
    cases = []
    for name, preset in (("default", default), ("hvarfner-2024", hvarfner)):
        for kind, n, d, noise in (("smooth", 6, 1, 0.0), ("smooth", 15, 2, 0.1), ("wavy", 40, 3, 0.3), ("skewed", 60, 6, 0.0), ("smooth", 60, 6, 0.2)):
            X = np.round(rng.random((n, d)), 4)
            y = outcome(kind, X) + noise * rng.standard_normal(n)
            y = np.round((y - y.mean()) / y.std(ddof=1), 6)
            cases.append(dict(name=f"{name}, {kind}, n = {n}, d = {d}, noise {noise}", preset=name, X=X.tolist(), y=y.tolist(), **maximum(preset, X, y)))
    (HERE / f"gp-maximum.gpytorch-{gpytorch.__version__}.json").write_text(json.dumps(dict(cases=cases)) + "\n")
    for case in cases:
        print(case["name"], case["logPosterior"], case["largestGradient"])


main()
