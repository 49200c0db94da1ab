"""What must hold before a training starts; each refusal names the thing and the remedy."""

from __future__ import annotations

import numpy as np

from workbench.core.errors import DataError, TrainingError
from workbench.data.dataset import Dataset, Part
from workbench.engine import runtime
from workbench.engine.check import check
from workbench.engine.memory import require_memory
from workbench.project.model import Project


def require_ready(project: Project, dataset: Dataset, device: runtime.Device) -> int | None:
    """Refuse a training that could not succeed; tells the largest batch that fits, where that can be estimated.

    Args:
        project: Whose drawing and settings are to be trained.
        dataset: What it is trained on; its own finding counts, not the one that the project remembers.
        device: Where it will train.

    Raises:
        DataError: The data are too few or no numbers.
        TrainingError: The drawing has an error, or would not fit the memory.
    """
    for found in dataset.info.problems:
        if found.severity == "error":
            raise DataError(found.message, ", ".join(found.items), found.remedy)
    if not len(dataset.part("train")):
        raise DataError("There must be samples to learn from.", "none", "Give the training part a larger share.")
    report = check(project.model_copy(update={"info": dataset.info}))
    for problem in report.problems:
        if problem.severity == "error":
            where = project.graph.by_id[problem.node].name if problem.node else ""
            fix = problem.repair.label if problem.repair else problem.hint
            raise TrainingError(problem.message, where, f"{fix}." if fix and fix[-1] not in ".!?…" else fix)
    require_memory(report, project.training, device)
    require_finite(dataset.part("train"), "training")
    require_finite(dataset.part("validation"), "validation")
    return report.largest_batch


def require_finite(part: Part, name: str) -> None:
    """Refuse samples or targets that are no numbers: they would spoil the weights without a word of it.

    Raises:
        DataError: There are NaN or infinite values; says how many samples have them.
    """
    for what, values in (("inputs", part.x), *(("targets", answers) for answers in part.answers)):
        if values.dtype.kind != "f" or not values.size:
            continue
        bad = ~np.isfinite(values.reshape(len(values), -1)).all(axis=1)
        if bad.any():
            raise DataError(
                "Training data must be finite numbers.",
                f"{int(bad.sum())} of {len(values)} {name} samples have missing or infinite {what}",
                "Fill in or leave out the missing values on the Data page.",
            )
