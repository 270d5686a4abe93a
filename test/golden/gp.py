"""Golden values of exact Gaussian processes at fixed hyperparameters, from GPyTorch/BoTorch and scikit-learn.

Run: python gp.py   (numpy, scipy, scikit-learn, torch, gpytorch, botorch; float64, one thread)
Writes gp.gpytorch-<version>.json, gp-presets.botorch-<version>.json, gp.sklearn-<version>.json
and gp-yeo-johnson.scipy-<version>.json beside itself.
"""

import json
import pathlib
import warnings

import numpy as np

warnings.filterwarnings("ignore")

import botorch
import gpytorch
import scipy
import sklearn
import torch
from botorch.models import SingleTaskGP
from botorch.models.kernels.categorical import CategoricalKernel
from botorch.models.utils.gpytorch_modules import (
    get_covar_module_with_dim_scaled_prior,
    get_gaussian_likelihood_with_lognormal_prior,
)
from gpytorch.kernels import MaternKernel, RBFKernel
from gpytorch.priors import GammaPrior
from scipy import stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
rng = np.random.default_rng(20240611)


def write(name, content):
    (HERE / name).write_text(json.dumps(content, indent=1) + "\n")


def smooth(X):
    return np.sin(3 * X[:, 0]) + X[:, 1] ** 2 - 0.7 * X[:, 0] * X[:, -1]


def radial(name, d, active=None):
    if name == "rbf":
        return RBFKernel(ard_num_dims=d, active_dims=active)
    return MaternKernel(nu={"matern-1/2": 0.5, "matern-3/2": 1.5, "matern-5/2": 2.5}[name], ard_num_dims=d, active_dims=active)


def gpytorch_case(name, kernel, X, y, lengthscales, signal, noise, levels=None, known=None, categorical=(), test=None, constant=None):
    """Likelihood with gradients by autograd, posterior and leave-one-out, everything from single rows."""
    n, d = X.shape
    levels = np.zeros(n, dtype=int) if levels is None else levels
    known = np.zeros(n) if known is None else known
    log_l = torch.tensor(np.log(lengthscales), requires_grad=True)
    log_s = torch.tensor(np.log(signal), requires_grad=True)
    log_n = torch.tensor(np.log(noise), requires_grad=True)
    continuous = [k for k in range(d) if k not in categorical]
    base = radial(kernel, len(continuous), tuple(continuous))
    parts = [CategoricalKernel(ard_num_dims=1, active_dims=(k,)) for k in categorical]

    def covariance(A, B):
        # raw parameters are replaced by graph tensors so that autograd reaches log l
        K = evaluate(base, A, B, torch.exp(log_l[continuous]))
        for part, k in zip(parts, categorical):
            K = K * evaluate(part, A, B, torch.exp(log_l[[k]]))
        return torch.exp(log_s) * K

    def evaluate(module, A, B, lengthscale):
        class Fixed(type(module)):
            lengthscale = property(lambda self: self._golden)

        module.__class__ = Fixed if not hasattr(module, "_golden") else module.__class__
        object.__setattr__(module, "_golden", lengthscale.reshape(1, -1))
        A2, B2 = A[:, list(module.active_dims)], B[:, list(module.active_dims)]
        return module.forward(A2, B2)

    Xt, yt = torch.tensor(X), torch.tensor(y)
    rows = torch.exp(log_n)[torch.tensor(levels)] + torch.tensor(known)
    K = covariance(Xt, Xt) + torch.diag(rows)
    mean = torch.zeros(n)
    if constant == "estimated":
        ones = torch.ones(n, 1)
        mu = (torch.linalg.solve(K, yt[:, None]).sum() / torch.linalg.solve(K, ones).sum()).detach()
        mean = mu * torch.ones(n)
    lml = gpytorch.distributions.MultivariateNormal(mean, K).log_prob(yt)
    lml.backward()
    with torch.no_grad():
        T = torch.tensor(test)
        Ks, Kss = covariance(T, Xt), covariance(T, T)
        post_mean = mean[0] + Ks @ torch.linalg.solve(K, (yt - mean))
        post_cov = Kss - Ks @ torch.linalg.solve(K, Ks.T)
        case = dict(
            name=name, kernel=kernel, categorical=list(categorical), mean=constant or "zero",
            X=X.tolist(), y=y.tolist(), lengthscales=list(map(float, lengthscales)), signalVariance=float(signal),
            noiseVariance=list(map(float, noise)), noiseLevel=levels.tolist(), knownNoiseVariance=known.tolist(),
            logMarginalLikelihood=lml.item(),
            gradient=[*log_l.grad.tolist(), log_s.grad.item(), *log_n.grad.tolist()],
            test=test.tolist(), posteriorMean=post_mean.tolist(), posteriorCovariance=post_cov.tolist(), constant=float(mean[0]),
        )
        loo_mean, loo_var, loo_density = [], [], []
        for i in range(n):
            keep = [j for j in range(n) if j != i]
            Kk = K[keep][:, keep]
            k = K[i, keep]
            m = mean[0] + k @ torch.linalg.solve(Kk, (yt - mean)[keep])
            v = K[i, i] - k @ torch.linalg.solve(Kk, k)
            loo_mean.append(m.item()); loo_var.append((v - rows[i]).item())
            loo_density.append(torch.distributions.Normal(m, v.sqrt()).log_prob(yt[i]).item())
        case["leaveOneOut"] = dict(mean=loo_mean, latentVariance=loo_var, logDensity=loo_density)
    return case


def exact_model(X, y, kernel, lengthscales, signal, noise, test):
    """The same numbers through GPyTorch's own ExactGP, likelihood and leave-one-out pseudo-likelihood."""

    class Model(gpytorch.models.ExactGP):
        def __init__(self, X, y, likelihood):
            super().__init__(X, y, likelihood)
            self.mean_module = gpytorch.means.ZeroMean()
            self.covar_module = gpytorch.kernels.ScaleKernel(radial(kernel, X.shape[1]))

        def forward(self, x):
            return gpytorch.distributions.MultivariateNormal(self.mean_module(x), self.covar_module(x))

    Xt, yt = torch.tensor(X), torch.tensor(y)
    likelihood = gpytorch.likelihoods.FixedNoiseGaussianLikelihood(torch.tensor(noise))
    model = Model(Xt, yt, likelihood)
    model.covar_module.base_kernel.lengthscale = torch.tensor(lengthscales)
    model.covar_module.outputscale = torch.tensor(signal)
    model.train(); likelihood.train()
    out = model(Xt)
    n = len(y)
    mll = gpytorch.mlls.ExactMarginalLogLikelihood(likelihood, model)(out, yt) * n
    loo = gpytorch.mlls.LeaveOneOutPseudoLikelihood(likelihood, model)(model(Xt), yt) * n
    model.eval()
    with torch.no_grad():
        post = model(torch.tensor(test))
        return dict(
            name=f"ExactGP {kernel}, fixed heteroscedastic noise", kernel=kernel, X=X.tolist(), y=y.tolist(),
            lengthscales=lengthscales, signalVariance=signal, knownNoiseVariance=noise.tolist(), test=test.tolist(),
            logMarginalLikelihood=mll.item(), leaveOneOutLogDensity=loo.item(),
            posteriorMean=post.mean.tolist(), posteriorCovariance=post.covariance_matrix.tolist(),
        )


def gpytorch_golden():
    X = rng.random((14, 3))
    y = smooth(X) + 0.1 * rng.standard_normal(14)
    test = rng.random((5, 3))
    lengthscales, signal = [0.4, 0.9, 1.7], 1.3
    # Without Matern-1/2: GPyTorch's distance of a point to itself is about 1e-8 where autograd is on, which that kernel
    # passes on undiminished. scikit-learn covers it.
    cases = [gpytorch_case(f"{k}, one noise level", k, X, y, lengthscales, signal, [0.02], test=test) for k in ("matern-3/2", "matern-5/2", "rbf")]
    cases.append(gpytorch_case("estimated mean", "matern-5/2", X, y + 3, lengthscales, 0.6, [0.02], test=test, constant="estimated"))
    levels = np.arange(14) % 2
    known = 0.05 * rng.random(14)
    cases.append(gpytorch_case("two noise levels and known noise", "matern-5/2", X, y, lengthscales, signal, [0.01, 0.2], levels, known, test=test))
    Xc = X.copy(); Xc[:, 2] = np.arange(14) % 3
    Xc = np.column_stack([Xc, (np.arange(14) // 2) % 2])
    tc = np.column_stack([test[:, :2], [0, 1, 2, 0, 1], [1, 0, 1, 1, 0]])
    cases.append(gpytorch_case("two categorical inputs", "matern-5/2", Xc, y, [0.5, 0.8, 0.7, 1.9], signal, [0.02], categorical=(2, 3), test=tc))
    Xr = np.repeat(X[:6], [1, 4, 2, 1, 3, 3], axis=0)
    yr = smooth(Xr) + 0.3 * rng.standard_normal(14)
    level_r = np.repeat([0, 1, 0, 1, 1, 0], [1, 4, 2, 1, 3, 3])
    known_r = np.repeat([0.0, 0.01, 0.02, 0.0, 0.03, 0.0], [1, 4, 2, 1, 3, 3])
    cases.append(gpytorch_case("replicates, all rows", "matern-5/2", Xr, yr, lengthscales, signal, [0.05, 0.12], level_r, known_r, test=test))
    models = [exact_model(X, y, k, lengthscales, signal, 0.01 + 0.05 * rng.random(14), test) for k in ("matern-5/2", "rbf")]
    write(f"gp.gpytorch-{gpytorch.__version__}.json", dict(cases=cases, exactModels=models))


def presets_golden():
    """Log prior densities, and the objective of a SingleTaskGP with the dimension-scaled prior at fixed values."""
    gamma = [dict(shape=a, rate=b, x=x, logDensity=GammaPrior(a, b).log_prob(torch.tensor(x)).item()) for a, b, x in ((3.0, 6.0, 0.4), (2.0, 0.15, 5.0), (1.1, 30.0, 0.01))]
    scaled = []
    for d in (1, 4, 12):
        prior = get_covar_module_with_dim_scaled_prior(d).lengthscale_prior
        scaled.append(dict(dimension=d, x=0.7, logDensity=prior.log_prob(torch.tensor(0.7)).item(), mode=prior.mode.item()))
    noise = get_gaussian_likelihood_with_lognormal_prior().noise_covar.noise_prior
    X = rng.random((12, 3))
    y = smooth(X) + 0.1 * rng.standard_normal(12)
    y = (y - y.mean()) / y.std(ddof=1)
    fits = []
    for kernel, use_rbf in (("matern-5/2", False), ("rbf", True)):
        likelihood = get_gaussian_likelihood_with_lognormal_prior()
        model = SingleTaskGP(torch.tensor(X), torch.tensor(y)[:, None], covar_module=get_covar_module_with_dim_scaled_prior(3, use_rbf_kernel=use_rbf), likelihood=likelihood, outcome_transform=None)
        mll = gpytorch.mlls.ExactMarginalLogLikelihood(likelihood, model)
        botorch.fit_gpytorch_mll(mll, optimizer_kwargs={"options": {"maxiter": 2000, "ftol": 1e-14, "gtol": 1e-10}})
        model.train()
        value = mll(model(torch.tensor(X)), torch.tensor(y)).item() * len(y)
        model.eval()
        test = rng.random((4, 3))
        with torch.no_grad():
            posterior = model(torch.tensor(test))
        fits.append(dict(
            kernel=kernel, X=X.tolist(), y=y.tolist(), logPosterior=value,
            lengthscales=model.covar_module.lengthscale.detach().flatten().tolist(),
            noiseVariance=likelihood.noise.item(), constant=model.mean_module.constant.item(),
            test=test.tolist(), posteriorMean=posterior.mean.tolist(), posteriorVariance=posterior.variance.tolist(),
        ))
    write(f"gp-presets.botorch-{botorch.__version__}.json", dict(gamma=gamma, dimensionScaled=scaled, noise=dict(x=0.01, logDensity=noise.log_prob(torch.tensor(0.01)).item(), mode=noise.mode.item()), fits=fits))


def sklearn_golden():
    X = rng.random((16, 2))
    y = smooth(X) + 0.05 * rng.standard_normal(16)
    test = rng.random((6, 2))
    cases = []
    for name, kernel in (("matern-1/2", Matern([0.3, 0.8], nu=0.5)), ("matern-3/2", Matern([0.3, 0.8], nu=1.5)), ("matern-5/2", Matern([0.3, 0.8], nu=2.5)), ("rbf", RBF([0.3, 0.8]))):
        full = ConstantKernel(1.7) * kernel + WhiteKernel(0.01)
        gp = GaussianProcessRegressor(full, alpha=0.0, optimizer=None).fit(X, y)
        value, gradient = gp.log_marginal_likelihood(full.theta, eval_gradient=True)
        mean, covariance = gp.predict(test, return_cov=True)
        # theta: log s2, log l1, log l2, log noise; predict adds the white noise to the diagonal
        cases.append(dict(
            name=name, kernel=name, X=X.tolist(), y=y.tolist(), lengthscales=[0.3, 0.8], signalVariance=1.7, noiseVariance=[0.01],
            logMarginalLikelihood=float(value), gradient=[gradient[1], gradient[2], gradient[0], gradient[3]],
            test=test.tolist(), posteriorMean=mean.tolist(), posteriorCovariance=(covariance - 0.01 * np.eye(6)).tolist(),
        ))
    write(f"gp.sklearn-{sklearn.__version__}.json", dict(cases=cases))


def yeo_johnson_golden():
    u = np.concatenate([rng.standard_normal(12), np.exp(rng.standard_normal(12)) - 1])
    u = (u - u.mean()) / u.std()
    lambdas = [0.0, 1e-7, 0.3, 1.0, 1.6, 2.0]
    write(f"gp-yeo-johnson.scipy-{scipy.__version__}.json", dict(
        u=u.tolist(),
        transformed=[dict(lambda_=l, values=stats.yeojohnson(u, l).tolist(), logLikelihood=float(stats.yeojohnson_llf(l, u))) for l in lambdas],
        best=float(stats.yeojohnson_normmax(u)),
    ))


gpytorch_golden()
presets_golden()
sklearn_golden()
yeo_johnson_golden()
