"""What peers read in the recipes that `cellwright recipe` writes.

    mkdir FOLDER
    node dist/cli.js recipe test/golden/recipes.campaign.yaml --set c_rate_cc1=0.37 --set v_cutoff_cc1=3.8123 \
      --set c_rate_cc2=0.2 --set n_shallow_cycles=3 --set n_verification_cycles=2 --set v_lower_shallow=3.9 \
      --set rest_ocv=12 --set temperature=30 --out FOLDER
    python test/golden/recipes.py FOLDER

Needs aurora-unicycler 0.4.6, beep 2026.2.7 and pybamm 26.10.1.1. Writes one golden file a peer beside this script.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(sys.argv[1])
HERE = Path(__file__).parent


def save(peer: str, content: dict) -> None:
    path = HERE / f"recipes.{peer}-{version(peer)}.json"
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def text(name: str) -> str:
    return (FOLDER / f"formation-golden.{name}").read_bytes().decode("ascii")


def unicycler() -> None:
    from aurora_unicycler import CyclingProtocol

    parts = []
    for part in ("1-precharge", "2-formation"):
        name = f"unicycler.{part}.json"
        protocol = CyclingProtocol.from_json(FOLDER / f"formation-golden.{name}")
        parts.append(
            {
                "part": part,
                "ours": text(name),
                "neware": protocol.to_neware_xml(),
                "biologic": protocol.to_biologic_mps(range_V=(-1.0, 5.0)),
            }
        )
    save("aurora-unicycler", {"parts": parts})


def beep() -> None:
    from beep.protocol.arbin import Schedule
    from beep.protocol.maccor import Procedure

    procedure = Procedure.from_file(str(FOLDER / "formation-golden.maccor.xml"))
    steps = json.loads(json.dumps(procedure["MaccorTestProcedure"]["ProcSteps"]["TestStep"]))
    schedules = []
    for part in ("1-precharge", "2-formation"):
        name = f"arbin.{part}.sdu"
        schedule = Schedule.from_file(str(FOLDER / f"formation-golden.{name}"))
        schedules.append({"part": part, "ours": text(name), "read": json.loads(json.dumps(schedule["Schedule"]))})
    save("beep", {"maccor": {"ours": text("maccor.xml"), "steps": steps}, "arbin": schedules})


def pybamm() -> None:
    import pybamm

    ours = text("pybamm.json")
    recipe = json.loads(ours)
    experiment = pybamm.Experiment(
        [tuple(s) if isinstance(s, list) else s for s in recipe["experiment"]],
        period=recipe["period"],
        temperature=recipe["temperature"],
    )
    steps = [
        {
            "type": type(step).__name__,
            "value": float(step.value),
            "duration": float(step.duration),
            "temperature": float(step.temperature),
            "termination": [[type(t).__name__, float(t.value)] for t in step.termination],
        }
        for step in experiment.steps
    ]
    save("pybamm", {"ours": ours, "steps": steps})


unicycler()
beep()
pybamm()
