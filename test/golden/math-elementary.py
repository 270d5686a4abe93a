"""Golden values of the elementary functions from mpmath, 60 digits.

Writes math-elementary.mpmath-<version>.json: for each function, rows [argument(s) …, value, rest], where value is
the double nearest to the true value and value + rest is true to about 2^-106.
Usage: python math-elementary.py [points per range] [file]
"""

import json
import pathlib
import random
import sys

import mpmath
from mpmath import mp, mpf

mp.dps = 60
POINTS = int(sys.argv[1]) if len(sys.argv) > 1 else 25
OUT = pathlib.Path(
    sys.argv[2]
    if len(sys.argv) > 2
    else pathlib.Path(__file__).parent / f"math-elementary.mpmath-{mpmath.__version__}.json"
)
rng = random.Random(20240607)


def uniform(low, high):
    return [rng.uniform(low, high) for _ in range(POINTS)]


def logarithmic(low, high):
    """Magnitudes 2^low … 2^high."""
    return [2.0 ** rng.uniform(low, high) for _ in range(POINTS)]


def both(values):
    return [v if rng.random() < 0.5 else -v for v in values]


def ncdf(x):
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def npdf(x):
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def erfcx(x):
    return mpmath.exp(x * x) * mpmath.erfc(x)


def log1mexp(x):
    with mpmath.workdps(400):
        return mpmath.log(-mpmath.expm1(x))


def log_h(x):
    with mpmath.workdps(160):
        return mpmath.log(npdf(x) + x * ncdf(x))


def log_h_derivative(x):
    with mpmath.workdps(160):
        return ncdf(x) / (npdf(x) + x * ncdf(x))


def quantile(p):
    with mpmath.workdps(80):
        if p == 0.5:
            return mpf(0)
        # Newton on log Φ of the smaller tail, from a rough start.
        tail = min(p, 1 - p)
        z = -mpmath.sqrt(-2 * mpmath.log(tail)) if tail < 0.1 else mpf(0)
        for _ in range(200):
            cdf = ncdf(z)
            step = mpmath.log(cdf / tail) * cdf / npdf(z)
            z -= step
            if abs(step) < mpf(10) ** -70 * (1 + abs(z)):
                break
        return z if p < 0.5 else -z


def log_interval(a, b):
    with mpmath.workdps(400):
        if a > 0:
            a, b = -b, -a
        return mpmath.log(ncdf(b) - ncdf(a))


SMALL = logarithmic(-60, -1)
CASES = {
    "exp": (mpmath.exp, both(SMALL) + uniform(-1, 1) + uniform(-700, 700) + uniform(-744, -708)),
    "expm1": (mpmath.expm1, both(SMALL) + uniform(-2, 2) + uniform(-40, 40) + uniform(40, 709)),
    "log": (mpmath.log, logarithmic(-1074, 1023) + uniform(0.5, 2) + [1 + s for s in both(SMALL)]),
    "log1p": (mpmath.log1p, both(SMALL) + uniform(-1, 2) + logarithmic(0, 1000)),
    "log2": (lambda x: mpmath.log(x) / mpmath.log(2), logarithmic(-1074, 1023) + uniform(0.5, 2)),
    "log10": (lambda x: mpmath.log(x) / mpmath.log(10), logarithmic(-1074, 1023) + uniform(0.5, 2)),
    "sin": (mpmath.sin, both(SMALL) + uniform(-4, 4) + uniform(-1e4, 1e4) + both(logarithmic(14, 1023))),
    "cos": (mpmath.cos, both(SMALL) + uniform(-4, 4) + uniform(-1e4, 1e4) + both(logarithmic(14, 1023))),
    "sinh": (mpmath.sinh, both(SMALL) + uniform(-3, 3) + uniform(-710, 710)),
    "tanh": (mpmath.tanh, both(SMALL) + uniform(-1, 1) + uniform(-20, 20)),
    "erf": (mpmath.erf, both(SMALL) + uniform(-1.5, 1.5) + uniform(-6, 6)),
    "erfc": (mpmath.erfc, both(SMALL) + uniform(-2, 2) + uniform(-6, 6) + uniform(6, 26)),
    "erfcx": (erfcx, both(SMALL) + uniform(-2, 2) + uniform(-26, 6) + logarithmic(0, 500)),
    "lgamma": (mpmath.loggamma, logarithmic(-60, 0) + uniform(0.5, 3) + uniform(3, 20) + logarithmic(4, 900)),
    "log1mexp": (log1mexp, [-v for v in logarithmic(-60, 9)]),
    "normalCdf": (ncdf, uniform(-3, 3) + uniform(-37, 8)),
    "normalLogCdf": (lambda x: mpmath.log(ncdf(x)), uniform(-3, 3) + uniform(-40, 8) + [-v for v in logarithmic(1, 500)]),
    "normalPdf": (npdf, uniform(-3, 3) + uniform(-38, 38)),
    "normalQuantile": (quantile, uniform(0, 1) + logarithmic(-1022, -1) + [1 - s for s in logarithmic(-52, -1)]),
    "logH": (log_h, uniform(-3, 3) + uniform(-40, 40) + [-v for v in logarithmic(1, 60)]),
    "logHDerivative": (log_h_derivative, uniform(-3, 3) + uniform(-40, 40) + [-v for v in logarithmic(1, 60)]),
}
PAIRS = {
    "pow": (
        mpmath.power,
        list(zip(logarithmic(-3, 3), uniform(-200, 200)))
        + list(zip(logarithmic(-1000, 1000), uniform(-1, 1)))
        + list(zip([1 + s for s in both(logarithmic(-50, -20))], both(logarithmic(20, 40)))),
    ),
    "logAddExp": (lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)), list(zip(uniform(-800, 800), uniform(-800, 800))) + list(zip(uniform(0, 9), uniform(0, 9)))),
    "logNormalInterval": (
        log_interval,
        [(a, a + w) for a, w in zip(uniform(-5, 5), logarithmic(-50, 3))]
        + [(a, a + w) for a, w in zip(uniform(-40, 40), logarithmic(-30, 3))]
        + [(a, a + w) for a, w in zip(both(logarithmic(1, 20)), logarithmic(-30, 3))],
    ),
}


def row(arguments, value):
    high = float(value)
    return [*arguments, high, float(value - mpf(high))]


golden = {}
for name, (function, xs) in CASES.items():
    golden[name] = [row([x], function(mpf(x))) for x in xs if x != 0]
for name, (function, xs) in PAIRS.items():
    rows = [row([a, b], function(mpf(a), mpf(b))) for a, b in xs if a < b or name != "logNormalInterval"]
    golden[name] = [r for r in rows if abs(r[2]) < 1e308]
lines = [f"{json.dumps(name)}: {json.dumps(rows, separators=(',', ':'))}" for name, rows in golden.items()]
OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
