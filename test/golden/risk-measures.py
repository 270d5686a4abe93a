"""Risk measures of BoTorch at fixed draws: test/golden/risk-measures.botorch-<version>.json.

Run in an environment with botorch, from the repository's root: python test/golden/risk-measures.py
"""

import json
from pathlib import Path

import botorch
import torch
from botorch.acquisition.multi_objective.multi_output_risk_measures import (
    IndependentCVaR,
    IndependentVaR,
    MultiOutputExpectation,
)
from botorch.acquisition.risk_measures import CVaR, Expectation, VaR, WorstCase

torch.set_default_dtype(torch.double)
torch.manual_seed(7)


def single(held: int, level: float) -> dict:
    samples = torch.randn(5, held, 1)
    measures = {
        "mean": Expectation(n_w=held),
        "var": VaR(n_w=held, alpha=level),
        "cvar": CVaR(n_w=held, alpha=level),
        "worst-case": WorstCase(n_w=held),
    }
    return {
        "level": level,
        "draws": samples.squeeze(-1).tolist(),
        "measures": {name: measure(samples).squeeze(-1).tolist() for name, measure in measures.items()},
    }


def several(held: int, level: float) -> dict:
    samples = torch.randn(4, held, 2)
    measures = {
        "mean": MultiOutputExpectation(n_w=held),
        "var": IndependentVaR(n_w=held, alpha=level),
        "cvar": IndependentCVaR(n_w=held, alpha=level),
    }
    return {
        "level": level,
        "draws": samples.tolist(),
        "measures": {name: measure(samples).squeeze(-2).tolist() for name, measure in measures.items()},
    }


golden = {
    "peer": f"botorch {botorch.__version__}",
    "single": [single(held, level) for held in (1, 2, 7, 16, 32) for level in (0.5, 0.8, 0.9, 0.95)],
    "several": [several(held, level) for held in (4, 16) for level in (0.7, 0.9)],
}
path = Path(__file__).parent / f"risk-measures.botorch-{botorch.__version__}.json"
path.write_text(json.dumps(golden, indent=1) + "\n")
