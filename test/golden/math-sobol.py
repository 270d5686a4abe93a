"""First points of the unscrambled Sobol sequence from SciPy, as integers of 30 binary digits.

Writes math-sobol.scipy-<version>.json: {"points": n, "columns": {dimension index: [n integers]}}.
"""

import json
import pathlib

import numpy
import scipy
from scipy.stats import qmc

POINTS = 64
DIMENSION = 3667
COLUMNS = [0, 1, 2, 3, 4, 5, 6, 9, 12, 20, 36, 52, 53, 100, 160, 161, 336, 337, 480, 481, 777, 1023, 1110, 1111, 1500]
COLUMNS += [1866, 1867, 2048, 2500, 3000, 3333, 3665, 3666]

points = qmc.Sobol(DIMENSION, scramble=False).random(POINTS)
integers = numpy.rint(points * 2**30).astype(int)
golden = {
    "points": POINTS,
    "columns": {str(column): integers[:, column].tolist() for column in COLUMNS},
    "sums": integers.sum(axis=0).tolist(),
}
out = pathlib.Path(__file__).parent / f"math-sobol.scipy-{scipy.__version__}.json"
out.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
