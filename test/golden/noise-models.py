"""Golden values of robust and of input-dependent-noise Gaussian processes.

Run: python noise-models.py   (numpy, scipy, torch, gpytorch, botorch; float64, one thread)
Writes robust-gp.botorch-<version>.json: the log marginal likelihood of RobustRelevancePursuitSingleTaskGP with given extra
variances, and the rows that its fit takes for outliers; and input-noise-gp.torch-<version>.json: likelihood, penalty and
gradient by automatic differentiation from single rows, written anew from the formulas.
"""

import json
import pathlib
import warnings

import numpy as np

warnings.filterwarnings("ignore")

import botorch
import torch
from botorch.fit import fit_gpytorch_mll
from botorch.models.robust_relevance_pursuit_model import RobustRelevancePursuitSingleTaskGP
from gpytorch.constraints import Interval
from gpytorch.kernels import MaternKernel, ScaleKernel
from gpytorch.likelihoods import GaussianLikelihood
from gpytorch.means import ZeroMean
from gpytorch.mlls import ExactMarginalLogLikelihood

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
rng = np.random.default_rng(20241027)


def write(name, content):
    (HERE / name).write_text(json.dumps(content, indent=1) + "\n")


def robust():
    n = 40
    X = rng.random((n, 2))
    y = np.sin(4 * X[:, 0]) + X[:, 1] ** 2 + 0.05 * rng.standard_normal(n)
    outliers = [3, 11, 26, 35]
    y[outliers] += np.array([2.0, -3.0, 4.0, -2.5])
    y = (y - y.mean()) / y.std(ddof=1)
    lengthscales, signal, noise = [0.4, 0.8], 1.4, 0.01
    rho = np.zeros(n)
    rho[outliers] = [1.5, 4.0, 9.0, 3.0]

    def build():
        covar = ScaleKernel(MaternKernel(nu=2.5, ard_num_dims=2))
        likelihood = GaussianLikelihood(noise_constraint=Interval(1e-6, 10.0))
        return RobustRelevancePursuitSingleTaskGP(
            torch.tensor(X),
            torch.tensor(y).unsqueeze(-1),
            likelihood=likelihood,
            covar_module=covar,
            mean_module=ZeroMean(),
            outcome_transform=None,
            convex_parameterization=False,
        )

    model = build()
    model.covar_module.base_kernel.lengthscale = torch.tensor(lengthscales)
    model.covar_module.outputscale = signal
    model.likelihood.noise_covar.base_noise.noise = noise
    model.likelihood.noise_covar.full_support()
    with torch.no_grad():
        model.likelihood.noise_covar.raw_rho.copy_(torch.tensor(rho))
    mll = ExactMarginalLogLikelihood(model.likelihood, model)
    mll.train()
    with torch.no_grad():
        output = model(*model.train_inputs)
        value = float(mll(output, model.train_targets, *model.train_inputs)) * n

    fitted = build()
    fit_gpytorch_mll(ExactMarginalLogLikelihood(fitted.likelihood, fitted))
    support = sorted(int(i) for i in fitted.likelihood.noise_covar.support)
    final = fitted.likelihood.noise_covar.rho.detach().numpy()
    write(
        f"robust-gp.botorch-{botorch.__version__}.json",
        {
            "X": X.tolist(),
            "y": y.tolist(),
            "outliers": outliers,
            "lengthscales": lengthscales,
            "signalVariance": signal,
            "noiseVariance": noise,
            "extraVariance": rho.tolist(),
            "logMarginalLikelihood": value,
            "support": support,
            "supportExtraVariance": [float(final[i]) if len(final) == n else None for i in support],
        },
    )


def matern(A, B, lengthscales):
    r = torch.sqrt((((A[:, None] - B[None]) / lengthscales) ** 2).sum(-1) + 1e-300)
    z = 5**0.5 * r
    return (1 + z + z * z / 3) * torch.exp(-z)


def input_noise():
    g, prior_lengthscale, prior_std, nugget = 7, 0.5, 1.3, 1e-4
    settings = rng.random((g, 2))
    settings = settings[np.lexsort((settings[:, 1], settings[:, 0]))]
    rows = np.repeat(np.arange(g), [1, 2, 3, 1, 2, 1, 4])
    X = torch.tensor(settings)
    y = torch.tensor(rng.standard_normal(len(rows)))
    known = np.array([0, 0, 0.02, 0, 0, 0.05, 0])
    theta = np.log(np.array([0.6, 0.9, 0.05, 1.7]))
    v = 0.8 * rng.standard_normal(g)
    x = torch.tensor(np.concatenate([theta, v]), requires_grad=True)
    R = matern(X, X, torch.tensor([prior_lengthscale] * 2)) + nugget * torch.eye(g)
    delta = prior_std * torch.linalg.cholesky(R) @ x[4:]
    tau = torch.exp(x[2]) * torch.exp(delta) + torch.tensor(known)
    K = torch.exp(x[3]) * matern(X, X, torch.exp(x[:2]))
    Sigma = K[rows][:, rows] + torch.diag(tau[rows])
    likelihood = torch.distributions.MultivariateNormal(torch.zeros(len(rows)), Sigma).log_prob(y)
    objective = likelihood - 0.5 * (x[4:] ** 2).sum()
    objective.backward()
    write(
        f"input-noise-gp.torch-{torch.__version__.split('+')[0]}.json",
        {
            "X": settings[rows].tolist(),
            "y": y.tolist(),
            "knownNoiseVariance": known[rows].tolist(),
            "noiseLengthscale": prior_lengthscale,
            "noiseStdDev": prior_std,
            "x": x.detach().tolist(),
            "objective": float(objective),
            "gradient": x.grad.tolist(),
        },
    )


robust()
input_noise()
