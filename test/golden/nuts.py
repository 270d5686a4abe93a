"""Golden values of the sampler: diagnostics from ArviZ, and NumPyro's moments of Gaussian-process hyperparameters.

Run: python nuts.py   (numpy, jax, numpyro, arviz; float64)
Writes nuts-diagnostics.arviz-<version>.json and nuts-gp.numpyro-<version>.json beside itself.
"""

import json
import pathlib

import arviz
import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

HERE = pathlib.Path(__file__).parent
jax.config.update("jax_enable_x64", True)

def write(name, content):
    (HERE / name).write_text(json.dumps(content, indent=1) + "\n")


def diagnostics():
    rng = np.random.default_rng(20250302)

    def autoregressive(chains, n, phi, shift):
        x = np.zeros((chains, n))
        for t in range(1, n):
            x[:, t] = phi * x[:, t - 1] + rng.normal(size=chains)
        return np.round(x + shift * np.arange(chains)[:, None], 4)

    cases = {
        "independent": autoregressive(4, 60, 0.0, 0.0),
        "autocorrelated": autoregressive(4, 100, 0.8, 0.0),
        "antithetic": autoregressive(2, 60, -0.6, 0.0),
        "shifted chains": autoregressive(4, 50, 0.3, 1.0),
        "heavy tails and ties": np.round(rng.standard_t(1, size=(3, 60)), 0),
        "odd length": autoregressive(4, 41, 0.5, 0.1),
    }
    out = []
    for name, x in cases.items():
        out.append(
            {
                "name": name,
                "chains": x.tolist(),
                "rHat": float(arviz.rhat(x, method="rank")),
                "bulkEss": float(arviz.ess(x, method="bulk")),
                "tailEss": float(arviz.ess(x, method="tail")),
            }
        )
    write(f"nuts-diagnostics.arviz-{arviz.__version__}.json", out)


def matern52(X, lengthscales):
    delta = (X[:, None, :] - X[None, :, :]) / lengthscales
    squared = jnp.sum(delta**2, -1)
    r = jnp.sqrt(jnp.where(squared > 0, squared, 1.0)) * (squared > 0)
    a = jnp.sqrt(5.0) * r
    return (1 + a + a * a / 3) * jnp.exp(-a)


def model(X, y, saas):
    n, d = X.shape
    signal = numpyro.sample("signal", dist.Gamma(2.0, 0.15))
    if saas:
        tau = numpyro.sample("tau", dist.HalfCauchy(0.1))
        rho = numpyro.sample("rho", dist.HalfCauchy(jnp.ones(d)))
        lengthscales = 1 / jnp.sqrt(tau * rho)
        noise = numpyro.sample("noise", dist.Gamma(0.9, 10.0))
    else:
        lengthscales = numpyro.sample("lengthscale", dist.Gamma(3.0 * jnp.ones(d), 6.0))
        noise = numpyro.sample("noise", dist.Gamma(1.1, 30.0))
    numpyro.deterministic("log lengthscale", jnp.log(lengthscales))
    K = signal * matern52(X, lengthscales) + noise * jnp.eye(n)
    numpyro.sample("y", dist.MultivariateNormal(jnp.zeros(n), K), obs=y)


def posterior(name, X, y, saas, samples):
    kernel = NUTS(model, target_accept_prob=0.95 if saas else 0.9)
    mcmc = MCMC(kernel, num_warmup=1000, num_samples=samples, num_chains=4, chain_method="sequential", progress_bar=False)
    mcmc.run(jax.random.PRNGKey(0), jnp.asarray(X), jnp.asarray(y), saas)
    draws = mcmc.get_samples(group_by_chain=True)
    columns = {f"log lengthscale {k}": draws["log lengthscale"][:, :, k] for k in range(X.shape[1])}
    columns["log signal variance"] = jnp.log(draws["signal"])
    columns["log noise variance"] = jnp.log(draws["noise"])
    moments = {}
    for key, values in columns.items():
        values = np.asarray(values)
        moments[key] = {
            "mean": float(values.mean()),
            "stdDev": float(values.std(ddof=1)),
            "meanError": float(arviz.mcse(values, method="mean")),
            "stdDevError": float(arviz.mcse(values, method="sd")),
            "rHat": float(arviz.rhat(values)),
        }
    divergences = int(mcmc.get_extra_fields()["diverging"].sum())
    print(name, divergences, json.dumps(moments, indent=1))
    return {"name": name, "X": X.tolist(), "y": y.tolist(), "moments": moments, "divergences": divergences}


def hyperparameters():
    rng = np.random.default_rng(20250303)
    X = np.round(rng.uniform(size=(18, 2)), 3)
    y = np.sin(5 * X[:, 0]) + 0.5 * X[:, 1] + 0.15 * rng.normal(size=18)
    y = np.round((y - y.mean()) / y.std(ddof=1), 4)
    X4 = np.round(rng.uniform(size=(20, 4)), 3)
    y4 = np.sin(6 * X4[:, 2]) + 0.1 * rng.normal(size=20)
    y4 = np.round((y4 - y4.mean()) / y4.std(ddof=1), 4)
    write(
        f"nuts-gp.numpyro-{numpyro.__version__}.json",
        [posterior("default", X, y, False, 5000), posterior("saas-2021", X4, y4, True, 5000)],
    )


diagnostics()
hyperparameters()
