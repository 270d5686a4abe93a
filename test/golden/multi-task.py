"""Golden values of multi-task and multi-fidelity Gaussian processes at fixed hyperparameters, from GPyTorch/BoTorch.

Run: python multi-task.py   (numpy, torch, gpytorch, botorch; float64, one thread)
Writes multi-task.gpytorch-<version>.json and multi-task-fidelity.botorch-<version>.json beside itself.
"""

import json
import pathlib
import warnings

import numpy as np

warnings.filterwarnings("ignore")

import botorch
import gpytorch
import torch
from botorch.models.kernels.linear_truncated_fidelity import LinearTruncatedFidelityKernel
from gpytorch.kernels import IndexKernel, MaternKernel, MultitaskKernel, RBFKernel

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
rng = np.random.default_rng(20240715)


def write(name, content):
    (HERE / name).write_text(json.dumps(content, indent=1) + "\n")


def smooth(X, task):
    return np.sin(3 * X[:, 0]) + X[:, 1] ** 2 + 0.4 * task * np.cos(4 * X[:, 0]) - 0.3 * (task == 1)


def radial(name, lengthscales):
    kernel = RBFKernel(ard_num_dims=len(lengthscales)) if name == "rbf" else MaternKernel(nu=2.5, ard_num_dims=len(lengthscales))
    kernel.lengthscale = torch.tensor(lengthscales)
    return kernel


def log_gradient(parameter, raw):
    """d/d log p of a parameter p = softplus(raw) from the gradient in raw."""
    return (parameter * raw.grad / torch.sigmoid(raw)).detach().flatten().tolist()


def leave_one_out(K, y, noise):
    mean, variance, density = [], [], []
    for i in range(len(y)):
        keep = [j for j in range(len(y)) if j != i]
        solved = torch.linalg.solve(K[keep][:, keep], torch.stack([y[keep], K[keep, i]], 1))
        m, v = K[i, keep] @ solved[:, 0], K[i, i] - K[i, keep] @ solved[:, 1]
        mean.append(m.item())
        variance.append((v - noise[i]).item())
        density.append(torch.distributions.Normal(m, v.sqrt()).log_prob(y[i]).item())
    return dict(mean=mean, latentVariance=variance, logDensity=density)


def hadamard(name, kernel, tasks, rank, n, d=2):
    """Every row has one task: IndexKernel times a radial kernel, one noise variance per task."""
    X = rng.random((n, d))
    task = np.sort(np.concatenate([np.arange(tasks), rng.integers(tasks, size=n - tasks)]))
    y = torch.tensor(smooth(X, task) + 0.1 * rng.standard_normal(n))
    lengthscales = [0.45, 0.9][:d]
    loadings = rng.standard_normal((tasks, rank))
    specific = 0.1 + rng.random(tasks)
    noise = 0.01 + 0.05 * rng.random(tasks)
    data, index = radial(kernel, lengthscales), IndexKernel(num_tasks=tasks, rank=rank)
    index.covar_factor.data = torch.tensor(loadings)
    index.var = torch.tensor(specific)
    log_noise = torch.tensor(np.log(noise), requires_grad=True)
    Xt, it = torch.tensor(X), torch.tensor(task)[:, None]
    test = rng.random((4, d))
    test_task = rng.integers(tasks, size=4)
    Xs, si = torch.tensor(test), torch.tensor(test_task)[:, None]

    def covariance(A, i, B, j):
        return data(A, B).to_dense() * index(i, j).to_dense()

    K = covariance(Xt, it, Xt, it) + torch.diag(torch.exp(log_noise)[it[:, 0]])
    value = gpytorch.distributions.MultivariateNormal(torch.zeros(n), K).log_prob(y)
    value.backward()
    with torch.no_grad():
        Ks, Kss = covariance(Xs, si, Xt, it), covariance(Xs, si, Xs, si)
        return dict(
            name=name, kernel=kernel, X=X.tolist(), task=task.tolist(), y=y.tolist(), lengthscales=lengthscales,
            loadings=loadings.tolist(), specific=specific.tolist(), noiseVariance=noise.tolist(), logMarginalLikelihood=value.item(),
            gradient=dict(
                lengthscales=log_gradient(data.lengthscale, data.raw_lengthscale), loadings=index.covar_factor.grad.flatten().tolist(),
                specific=log_gradient(index.var, index.raw_var), noiseVariance=log_noise.grad.tolist(),
            ),
            test=test.tolist(), testTask=test_task.tolist(), posteriorMean=(Ks @ torch.linalg.solve(K, y)).tolist(),
            posteriorCovariance=(Kss - Ks @ torch.linalg.solve(K, Ks.T)).tolist(),
            leaveOneOut=leave_one_out(K, y, torch.exp(log_noise)[it[:, 0]]),
        )


class Multitask(gpytorch.models.ExactGP):
    def __init__(self, X, Y, likelihood, tasks, rank):
        super().__init__(X, Y, likelihood)
        self.mean_module = gpytorch.means.MultitaskMean(gpytorch.means.ZeroMean(), num_tasks=tasks)
        self.covar_module = MultitaskKernel(MaternKernel(nu=2.5, ard_num_dims=X.shape[1]), num_tasks=tasks, rank=rank)

    def forward(self, x):
        return gpytorch.distributions.MultitaskMultivariateNormal(self.mean_module(x), self.covar_module(x))


def complete(tasks, rank, n):
    """Every run has every task: GPyTorch's own model with MultitaskKernel and MultitaskGaussianLikelihood."""
    X = rng.random((n, 2))
    Y = np.column_stack([smooth(X, t) + 0.1 * rng.standard_normal(n) for t in range(tasks)])
    likelihood = gpytorch.likelihoods.MultitaskGaussianLikelihood(num_tasks=tasks, rank=0, has_global_noise=False, noise_constraint=gpytorch.constraints.GreaterThan(1e-8))
    model = Multitask(torch.tensor(X), torch.tensor(Y), likelihood, tasks, rank)
    loadings, specific, noise, lengthscales = rng.standard_normal((tasks, rank)), 0.1 + rng.random(tasks), 0.01 + 0.05 * rng.random(tasks), [0.5, 1.1]
    model.covar_module.data_covar_module.lengthscale = torch.tensor(lengthscales)
    model.covar_module.task_covar_module.covar_factor.data = torch.tensor(loadings)
    model.covar_module.task_covar_module.var = torch.tensor(specific)
    likelihood.task_noises = torch.tensor(noise)
    value = likelihood(model(torch.tensor(X))).log_prob(torch.tensor(Y))
    value.backward()
    task, data = model.covar_module.task_covar_module, model.covar_module.data_covar_module
    gradient = dict(
        lengthscales=log_gradient(data.lengthscale, data.raw_lengthscale), loadings=task.covar_factor.grad.flatten().tolist(),
        specific=log_gradient(task.var, task.raw_var),
    )
    model.eval()
    likelihood.eval()
    test = rng.random((3, 2))
    with torch.no_grad():
        posterior = model(torch.tensor(test))
        return dict(
            name=f"MultitaskKernel, {tasks} tasks, rank {rank}", X=X.tolist(), Y=Y.tolist(), lengthscales=lengthscales, loadings=loadings.tolist(),
            specific=specific.tolist(), noiseVariance=noise.tolist(), logMarginalLikelihood=value.item(), gradient=gradient,
            test=test.tolist(), posteriorMean=posterior.mean.flatten().tolist(), posteriorCovariance=posterior.covariance_matrix.tolist(),
        )


def fidelity_data(n):
    X = rng.random((n, 2))
    s = np.sort(rng.choice([0.25, 0.6, 1.0], n))
    return X, s, smooth(X, 0) + (1 - s) * np.cos(5 * X[:, 0]) + 0.1 * rng.standard_normal(n)


def truncated(n):
    """BoTorch's LinearTruncatedFidelityKernel with power 1."""
    X, s, y = fidelity_data(n)
    first, second, noise = [0.4, 0.8], [0.7, 1.3], 0.02
    kernel = LinearTruncatedFidelityKernel(fidelity_dims=[2], dimension=3, nu=2.5)
    kernel.power = 1.0
    kernel.covar_module_unbiased.lengthscale = torch.tensor(first)
    kernel.covar_module_biased.lengthscale = torch.tensor(second)
    Xt, yt = torch.tensor(np.column_stack([X, s])), torch.tensor(y)
    K = kernel(Xt).to_dense() + noise * torch.eye(n)
    value = gpytorch.distributions.MultivariateNormal(torch.zeros(n), K).log_prob(yt)
    value.backward()
    test = np.column_stack([rng.random((4, 2)), [1.0, 1.0, 0.4, 0.0]])
    T = torch.tensor(test)
    with torch.no_grad():
        Ks, Kss = kernel(T, Xt).to_dense(), kernel(T).to_dense()
        return dict(
            X=X.tolist(), fidelity=s.tolist(), y=y.tolist(), lengthscales=first, discrepancyLengthscales=second, noiseVariance=noise,
            logMarginalLikelihood=value.item(),
            gradient=dict(
                lengthscales=log_gradient(kernel.covar_module_unbiased.lengthscale, kernel.covar_module_unbiased.raw_lengthscale),
                discrepancyLengthscales=log_gradient(kernel.covar_module_biased.lengthscale, kernel.covar_module_biased.raw_lengthscale),
            ),
            test=test.tolist(), posteriorMean=(Ks @ torch.linalg.solve(K, yt)).tolist(),
            posteriorCovariance=(Kss - Ks @ torch.linalg.solve(K, Ks.T)).tolist(),
        )


def autoregressive(n):
    """Sum of two GPyTorch kernels with a free share rho and a shift of early signals; gradients by autograd."""
    X, s, y = fidelity_data(n)
    first, second = [0.4, 0.8], [0.7, 1.3]
    values = dict(signalVariance=1.7, carriedShare=0.6, discrepancyVariance=0.4)
    log_g = torch.tensor(np.log(values["signalVariance"]), requires_grad=True)
    rho = torch.tensor(values["carriedShare"], requires_grad=True)
    log_d = torch.tensor(np.log(values["discrepancyVariance"]), requires_grad=True)
    noise = np.array([0.02, 0.07])  # mature, early
    log_n = torch.tensor(np.log(noise), requires_grad=True)
    g, delta = radial("matern-5/2", first), radial("matern-5/2", second)
    Xt, st, yt = torch.tensor(X), torch.tensor(s), torch.tensor(y)

    def covariance(A, a, B, b):
        early = (1 - a)[:, None] * (1 - b)[None, :]
        r = lambda u: 1 - (1 - rho) * (1 - u)
        shared = torch.exp(log_g) * r(a)[:, None] * r(b)[None, :] * g(A, B).to_dense()
        own = torch.exp(log_d) * early * (1 + a[:, None] * b[None, :]) * delta(A, B).to_dense()
        return shared + own + 100 * early

    K = covariance(Xt, st, Xt, st) + torch.diag(torch.exp(log_n)[(st < 1).long()])
    value = gpytorch.distributions.MultivariateNormal(torch.zeros(n), K).log_prob(yt)
    value.backward()
    test, at = rng.random((4, 2)), np.array([1.0, 1.0, 0.4, 0.0])
    T, ts = torch.tensor(test), torch.tensor(at)
    with torch.no_grad():
        Ks, Kss = covariance(T, ts, Xt, st), covariance(T, ts, T, ts)
        return dict(
            X=X.tolist(), fidelity=s.tolist(), y=y.tolist(), lengthscales=first, discrepancyLengthscales=second, coupling=values,
            noiseVariance=noise.tolist(), logMarginalLikelihood=value.item(),
            gradient=dict(
                lengthscales=log_gradient(g.lengthscale, g.raw_lengthscale), discrepancyLengthscales=log_gradient(delta.lengthscale, delta.raw_lengthscale),
                signalVariance=log_g.grad.item(), carriedShare=rho.grad.item(), discrepancyVariance=log_d.grad.item(), noiseVariance=log_n.grad.tolist(),
            ),
            test=test.tolist(), testFidelity=at.tolist(), posteriorMean=(Ks @ torch.linalg.solve(K, yt)).tolist(),
            posteriorCovariance=(Kss - Ks @ torch.linalg.solve(K, Ks.T)).tolist(),
        )


write(
    f"multi-task.gpytorch-{gpytorch.__version__}.json",
    dict(
        hadamard=[hadamard("two tasks, rank 1", "matern-5/2", 2, 1, 15), hadamard("three tasks, rank 2", "rbf", 3, 2, 18), hadamard("four tasks, rank 1", "matern-5/2", 4, 1, 20)],
        complete=[complete(3, 2, 7), complete(2, 1, 9)],
    ),
)
write(f"multi-task-fidelity.botorch-{botorch.__version__}.json", dict(truncated=truncated(16), autoregressive=autoregressive(18)))
