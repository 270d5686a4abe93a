"""Golden values of Gaussian processes with warped inputs, sums of kernels and a linear mean, at fixed hyperparameters.

Run: python gp-shapes.py   (numpy, torch, gpytorch, botorch; float64, one thread)
Writes gp-shapes.botorch-<version>.json beside itself.
"""

import json
import pathlib
import warnings

import numpy as np

warnings.filterwarnings("ignore")

import botorch
import gpytorch
import torch
from botorch.models import MixedSingleTaskGP, SingleTaskGP
from botorch.models.kernels.categorical import CategoricalKernel
from botorch.models.transforms.input import Warp
from gpytorch.kernels import MaternKernel, RBFKernel, ScaleKernel
from gpytorch.likelihoods import GaussianLikelihood

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
rng = np.random.default_rng(20250317)
# Warp moves inputs into [eps, 1 - eps]; ours are inside already.
EPS = 1e-14
LINEAR_VARIANCE = 25.0


def warp(d, indices, a, b):
    bounds = torch.stack([torch.zeros(d), torch.ones(d)])
    transform = Warp(d=d, indices=indices, eps=EPS, bounds=bounds)
    transform._set_concentration(1, torch.tensor(a))
    transform._set_concentration(0, torch.tensor(b))
    return transform


def radial(name):
    def factory(batch_shape=None, ard_num_dims=None, active_dims=None):
        if name == "rbf":
            return RBFKernel(ard_num_dims=ard_num_dims, active_dims=active_dims)
        nu = {"matern-3/2": 1.5, "matern-5/2": 2.5}[name]
        return MaternKernel(nu=nu, ard_num_dims=ard_num_dims, active_dims=active_dims)

    return factory


def by_log(module, name):
    """Gradient by the logarithm of a constrained parameter, from that of its raw form."""
    raw = getattr(module, f"raw_{name}", None)
    if raw is None:  # Warp keeps its concentrations as they are
        parameter = getattr(module, name)
        return (parameter.grad * parameter).detach().flatten().tolist()
    again = raw.detach().clone().requires_grad_(True)
    value = getattr(module, f"raw_{name}_constraint").transform(again)
    (slope,) = torch.autograd.grad(value.sum(), again)
    return (raw.grad / slope * value).detach().flatten().tolist()


def finish(case, model, X, y, test):
    """Likelihood with gradients in training mode, then the posterior."""
    model.train()
    model.likelihood.train()
    n = len(y)
    value = gpytorch.mlls.ExactMarginalLogLikelihood(model.likelihood, model)(model(*model.train_inputs), model.train_targets) * n
    value.backward()
    case.update(X=X.tolist(), y=y.tolist(), test=test.tolist(), logMarginalLikelihood=value.item())
    case["noiseGradient"] = by_log(model.likelihood.noise_covar, "noise")
    model.eval()
    with torch.no_grad():
        posterior = model.posterior(torch.tensor(test)).distribution
        case["posteriorMean"] = posterior.mean.flatten().tolist()
        case["posteriorCovariance"] = posterior.covariance_matrix.tolist()
    return case


def likelihood_of(noise):
    likelihood = GaussianLikelihood(noise_constraint=gpytorch.constraints.GreaterThan(1e-8))
    likelihood.noise = noise
    return likelihood


def mixed_data(n, m):
    def rows(k):
        return np.column_stack([0.02 + 0.96 * rng.random((k, 2)), rng.integers(0, 3, k), rng.integers(0, 2, k)]).astype(float)

    X, test = rows(n), rows(m)
    y = np.sin(4 * X[:, 0]) + X[:, 1] + 0.6 * X[:, 2] - 0.5 * X[:, 3] * X[:, 0] + 0.1 * rng.standard_normal(n)
    return X, y, test


def mixed_case(name, kernel, warped):
    """MixedSingleTaskGP; its categorical distance is a mean over two inputs, so that our lengthscales are twice its."""
    X, y, test = mixed_data(18, 5)
    a, b = [0.6, 1.8], [1.4, 0.7]
    transform = warp(4, [0, 1], a, b) if warped else None
    model = MixedSingleTaskGP(
        torch.tensor(X), torch.tensor(y)[:, None], cat_dims=[2, 3], cont_kernel_factory=radial(kernel),
        likelihood=likelihood_of(0.03), outcome_transform=None, input_transform=transform,
    )
    model.mean_module.constant.data.fill_(0.0)
    total, product = model.covar_module.kernels
    curve, levels = total.base_kernel.kernels
    own_curve, own_levels = product.base_kernel.kernels
    total.outputscale, levels.outputscale, product.outputscale = 1.4, 0.5, 0.8
    curve.lengthscale, levels.base_kernel.lengthscale = torch.tensor([0.4, 0.9]), torch.tensor([0.5, 1.1])
    own_curve.lengthscale, own_levels.lengthscale = torch.tensor([0.3, 1.5]), torch.tensor([0.8, 0.35])
    case = finish(dict(name=name, kernel=kernel, structure="sum-and-product", noiseVariance=[0.03]), model, X, y, test)
    case["terms"] = [
        dict(lengthscales=[0.4, 0.9], signalVariance=1.4),
        dict(lengthscales=[1.0, 2.2], signalVariance=1.4 * 0.5),
        dict(lengthscales=[0.3, 1.5, 1.6, 0.7], signalVariance=0.8),
    ]
    [both], [second], [third] = by_log(total, "outputscale"), by_log(levels, "outputscale"), by_log(product, "outputscale")
    case["termGradients"] = [
        dict(lengthscales=by_log(curve, "lengthscale"), signalVariance=both - second),
        dict(lengthscales=by_log(levels.base_kernel, "lengthscale"), signalVariance=second),
        dict(lengthscales=by_log(own_curve, "lengthscale") + by_log(own_levels, "lengthscale"), signalVariance=third),
    ]
    if warped:
        case["warp"] = dict(a=a + [1, 1], b=b + [1, 1])
        case["warpGradients"] = dict(a=by_log(transform, "concentration1"), b=by_log(transform, "concentration0"))
    return case


def sum_case(name, kernel):
    """Curve and shifts only, from GPyTorch's own kernels."""
    X, y, test = mixed_data(14, 4)
    curve = ScaleKernel(radial(kernel)(ard_num_dims=2, active_dims=(0, 1)))
    levels = ScaleKernel(CategoricalKernel(ard_num_dims=2, active_dims=(2, 3)))
    curve.outputscale, levels.outputscale = 1.1, 0.6
    curve.base_kernel.lengthscale, levels.base_kernel.lengthscale = torch.tensor([0.6, 0.8]), torch.tensor([0.45, 0.9])
    model = SingleTaskGP(torch.tensor(X), torch.tensor(y)[:, None], covar_module=curve + levels, likelihood=likelihood_of(0.05), outcome_transform=None)
    model.mean_module.constant.data.fill_(0.0)
    case = finish(dict(name=name, kernel=kernel, structure="sum", noiseVariance=[0.05]), model, X, y, test)
    case["terms"] = [dict(lengthscales=[0.6, 0.8], signalVariance=1.1), dict(lengthscales=[0.9, 1.8], signalVariance=0.6)]
    case["termGradients"] = [
        dict(lengthscales=by_log(k.base_kernel, "lengthscale"), signalVariance=by_log(k, "outputscale")[0]) for k in (curve, levels)
    ]
    return case


def warped_case(name, kernel):
    """SingleTaskGP under Warp."""
    X, test = 0.02 + 0.96 * rng.random((15, 2)), 0.02 + 0.96 * rng.random((5, 2))
    y = np.sin(3 * np.log(X[:, 0] + 0.05)) + X[:, 1] ** 2 + 0.05 * rng.standard_normal(15)
    a, b = [0.5, 2.3], [1.7, 0.6]
    transform = warp(2, [0, 1], a, b)
    covariance = ScaleKernel(radial(kernel)(ard_num_dims=2))
    covariance.outputscale = 1.6
    covariance.base_kernel.lengthscale = torch.tensor([0.35, 0.7])
    model = SingleTaskGP(torch.tensor(X), torch.tensor(y)[:, None], covar_module=covariance, likelihood=likelihood_of(0.01), outcome_transform=None, input_transform=transform)
    model.mean_module.constant.data.fill_(0.0)
    case = finish(dict(name=name, kernel=kernel, structure="product", noiseVariance=[0.01]), model, X, y, test)
    with torch.no_grad():
        case["warped"] = transform(torch.tensor(X)).tolist()
    case["terms"] = [dict(lengthscales=[0.35, 0.7], signalVariance=1.6)]
    case["termGradients"] = [dict(lengthscales=by_log(covariance.base_kernel, "lengthscale"), signalVariance=by_log(covariance, "outputscale")[0])]
    case["warp"] = dict(a=a, b=b)
    case["warpGradients"] = dict(a=by_log(transform, "concentration1"), b=by_log(transform, "concentration0"))
    return case


def linear_case(name, kernel):
    """Coefficients with prior N(0, 25 I), by Rasmussen & Williams (2006), eqs. 2.41-2.43, with GPyTorch's kernel."""
    X, test = rng.random((16, 2)), np.vstack([rng.random((3, 2)), [[1.4, -0.3], [0.5, 2.0]]])
    y = 1 + 2.5 * X[:, 0] - X[:, 1] + 0.4 * np.sin(9 * X[:, 0]) + 0.05 * rng.standard_normal(16)
    log_l = torch.log(torch.tensor([0.3, 0.8])).requires_grad_(True)
    log_s = torch.log(torch.tensor(0.7)).requires_grad_(True)
    log_n = torch.log(torch.tensor(0.02)).requires_grad_(True)
    base = radial(kernel)(ard_num_dims=2)

    def covariance(A, B):
        class Fixed(type(base)):
            lengthscale = property(lambda self: torch.exp(log_l).reshape(1, -1))

        module = radial(kernel)(ard_num_dims=2)
        module.__class__ = Fixed
        return torch.exp(log_s) * module.forward(A, B)

    def features(A):
        return torch.cat([torch.ones(1, len(A)), (A - 0.5).T])

    Xt, yt, T = torch.tensor(X), torch.tensor(y), torch.tensor(test)
    K = covariance(Xt, Xt) + torch.exp(log_n) * torch.eye(16)
    H, Hs = features(Xt), features(T)
    # eq. 2.43
    A = torch.eye(3) / LINEAR_VARIANCE + H @ torch.linalg.solve(K, H.T)
    marginal = K + LINEAR_VARIANCE * H.T @ H
    value = -0.5 * yt @ torch.linalg.solve(marginal, yt) - 0.5 * (torch.logdet(K) + 3 * np.log(LINEAR_VARIANCE) + torch.logdet(A)) - 8 * np.log(2 * np.pi)
    value.backward()
    with torch.no_grad():
        Ks, Kss = covariance(T, Xt), covariance(T, T)
        beta = torch.linalg.solve(A, H @ torch.linalg.solve(K, yt))
        R = Hs - H @ torch.linalg.solve(K, Ks.T)
        mean = Hs.T @ beta + Ks @ torch.linalg.solve(K, yt - H.T @ beta)
        cov = Kss - Ks @ torch.linalg.solve(K, Ks.T) + R.T @ torch.linalg.solve(A, R)
        deviations = torch.linalg.inv(A).diagonal().sqrt()
    return dict(
        name=name, kernel=kernel, structure="product", mean="linear", noiseVariance=[0.02], X=X.tolist(), y=y.tolist(), test=test.tolist(),
        terms=[dict(lengthscales=[0.3, 0.8], signalVariance=0.7)], logMarginalLikelihood=value.item(),
        termGradients=[dict(lengthscales=log_l.grad.tolist(), signalVariance=log_s.grad.item())], noiseGradient=[log_n.grad.item()],
        posteriorMean=mean.tolist(), posteriorCovariance=cov.tolist(),
        coefficients=dict(mean=beta.tolist(), stdDev=deviations.tolist()),
    )


cases = [
    warped_case("SingleTaskGP under Warp, matern-5/2", "matern-5/2"),
    warped_case("SingleTaskGP under Warp, rbf", "rbf"),
    mixed_case("MixedSingleTaskGP, matern-5/2", "matern-5/2", False),
    mixed_case("MixedSingleTaskGP under Warp, matern-3/2", "matern-3/2", True),
    sum_case("sum of a Matern and a categorical kernel", "matern-5/2"),
    linear_case("linear mean, matern-5/2", "matern-5/2"),
    linear_case("linear mean, rbf", "rbf"),
]
(HERE / f"gp-shapes.botorch-{botorch.__version__}.json").write_text(json.dumps(dict(cases=cases), indent=1) + "\n")
