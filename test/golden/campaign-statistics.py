"""Golden values of the statistics behind base rates and noise levels: python campaign-statistics.py > campaign-statistics.scipy-<version>.json"""

import json

import numpy as np
import scipy
from scipy import special, stats

rng = np.random.default_rng(20240601)
betas = [(0.5, 0.5, 0.5), (0.1, 1.5, 17.5), (0.9, 17.5, 1.5), (0.94, 17.5, 1.5), (0.3, 40.5, 60.5), (0.999, 100.5, 0.5), (1e-6, 0.5, 30.5)]
shares = [(0, 1), (1, 1), (17, 18), (0, 18), (18, 18), (3, 10), (250, 1000)]
samples = [rng.normal(0, sd, n).round(6).tolist() for sd, n in [(0.01, 12), (0.06, 9), (0.03, 20)]]


def jeffreys(passed, of):
    low = 0.0 if passed == 0 else float(stats.beta.ppf(0.025, passed + 0.5, of - passed + 0.5))
    high = 1.0 if passed == of else float(stats.beta.ppf(0.975, passed + 0.5, of - passed + 0.5))
    return [low, high]


print(
    json.dumps(
        {
            "peer": f"scipy {scipy.__version__}",
            "incompleteBeta": [{"x": x, "a": a, "b": b, "value": float(special.betainc(a, b, x))} for x, a, b in betas],
            "jeffreys": [{"passed": k, "of": n, "interval": jeffreys(k, n)} for k, n in shares],
            "chiSquaredUpperTail": [
                {"x": x, "k": k, "value": float(stats.chi2.sf(x, k))} for x in [0.1, 1.0, 6.6, 25.0, 80.0] for k in [1, 2, 3, 4, 5]
            ],
            "bartlett": [
                {"samples": chosen, "pValue": float(stats.bartlett(*chosen).pvalue)}
                for chosen in [samples[:2], samples[1:], samples]
            ],
        },
        indent=1,
    )
)
