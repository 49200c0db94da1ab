"""The doctor on runs made sick on purpose and on healthy ones: who is named, who is accused.

Run from the checkout: `.venv/bin/python tests/benchmarks/doctor.py`. An illness is named when its rule finds it as a
warning or an error; a healthy run is accused by any warning or error. Exits 1 when fewer than nine of ten illnesses are
named, or more than two of thirty healthy runs are accused. `--seed` draws other data, parts and weights.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.doctor_cases import Patient
from tests.benchmarks.doctor_healthy import HEALTHY
from tests.benchmarks.doctor_sick import SICK
from workbench.core.control import RunControl
from workbench.core.events import Finding, RunEnded
from workbench.data.dataset import Dataset
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import store

NAMED_SHARE = 0.9
MOST_ACCUSED = 2


def project_of(patient: Patient, dataset: Dataset, seed: int) -> Project:
    """The patient as a project."""
    graph = edits.blank()
    for layer, params in patient.layers:
        graph, _ = edits.append(graph, layer, params)
    settings = {"logs": {"csv": False, "tensorboard": False}, "seed": seed, **patient.settings}
    return Project(
        graph=graph, dataset=dataset.spec, info=dataset.info, training=TrainingSettings.model_validate(settings)
    )


def looked_after(project: Project, dataset: Dataset, folder: Path) -> tuple[RunEnded, list[Finding]]:
    """Train it; what the doctor found."""
    from workbench.engine.trainer import train

    told: list[Finding] = []

    def emit(event: object) -> None:
        if isinstance(event, Finding):
            told.append(event)

    plan = store.new_run(folder, project)
    return train(folder, plan, emit, RunControl(), dataset), told


def examined(patient: Patient, seed: int) -> tuple[RunEnded, list[Finding]]:
    """A patient's run from the start."""
    with tempfile.TemporaryDirectory() as folder:
        dataset = patient.source(Path(folder), seed)
        return looked_after(project_of(patient, dataset, seed), dataset, Path(folder))


def accusing(findings: list[Finding]) -> list[str]:
    """The rules that found an illness."""
    return sorted({finding.rule for finding in findings if finding.severity != "info"})


def main() -> int:
    """Examine everybody; 1 when the doctor falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="patients whose name holds these words")
    parser.add_argument("--verbose", action="store_true", help="print every finding")
    options = parser.parse_args()
    began = time.perf_counter()
    named = accused = 0
    everybody = [one for one in (*SICK, *HEALTHY) if options.only in one.name]
    for patient in everybody:
        at = time.perf_counter()
        ended, findings = examined(patient, options.seed)
        rules = accusing(findings)
        right = patient.illness in rules if patient.illness else not rules
        named += bool(patient.illness) and right
        accused += not patient.illness and not right
        words = (
            f"{'  ' if right else '! '}{patient.name:38} {patient.illness or 'healthy':20} {', '.join(rules) or '-'}"
        )
        sys.stdout.write(f"{words}  [{ended.outcome}, {time.perf_counter() - at:.1f} s]\n")
        if options.verbose:
            for finding in findings:
                sys.stdout.write(f"      {finding.epoch:3} {finding.severity:7} {finding.rule}: {finding.message}\n")
        sys.stdout.flush()
    sick = sum(bool(one.illness) for one in everybody)
    sys.stdout.write(
        f"\nNamed {named} of {sick} illnesses; accused {accused} of {len(everybody) - sick} healthy runs; "
        f"{time.perf_counter() - began:.0f} s.\n"
    )
    return 0 if named >= NAMED_SHARE * sick and accused <= MOST_ACCUSED else 1


if __name__ == "__main__":
    sys.exit(main())
