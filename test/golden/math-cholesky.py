"""Cholesky factor, inverse and log determinant of Matérn-5/2 matrices, by mpmath with 50 digits.

Writes math-cholesky.mpmath-<version>.json: per matrix its entries (exact doubles), lower factor, inverse, logDet,
a right-hand side and the solution of A x = b, and the condition number.
"""

import json
import math
import pathlib
import random

import mpmath
from mpmath import mp, mpf

mp.dps = 50
rng = random.Random(7)


def matern(n, d, noise, lengthscale):
    points = [[rng.random() for _ in range(d)] for _ in range(n)]

    def entry(i, j):
        r = math.dist(points[i], points[j]) / lengthscale * math.sqrt(5)
        return (1 + r + r * r / 3) * math.exp(-r) + (noise if i == j else 0)

    return [[entry(i, j) for j in range(n)] for i in range(n)]


cases = []
for n, d, noise, lengthscale in [(1, 1, 0.1, 1), (2, 1, 1e-6, 1), (7, 2, 1e-4, 0.5), (12, 3, 1e-6, 1), (13, 3, 1e-2, 0.3)]:
    rows = matern(n, d, noise, lengthscale)
    A = mp.matrix(rows)
    L = mpmath.cholesky(A)
    inverse = A**-1
    b = [rng.uniform(-1, 1) for _ in range(n)]
    eigenvalues = mpmath.eigsy(A, eigvals_only=True)
    cases.append(
        {
            "n": n,
            "A": [v for row in rows for v in row],
            "L": [float(L[i, j]) for i in range(n) for j in range(n)],
            "inverse": [float(inverse[i, j]) for i in range(n) for j in range(n)],
            "logDet": float(2 * sum(mpmath.log(L[i, i]) for i in range(n))),
            "b": b,
            "x": [float(v) for v in inverse * mp.matrix(b)],
            "condition": float(max(eigenvalues) / min(eigenvalues)),
        }
    )
out = pathlib.Path(__file__).parent / f"math-cholesky.mpmath-{mpmath.__version__}.json"
out.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
