"""An evaluation's figures kept in the run's folder, as long as they are about the model that lies there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.core.errors import WorkbenchError
from workbench.core.files import read_json, write_json
from workbench.engine.evaluation.result import Evaluation
from workbench.runs import store


def path_for(folder: Path, run: str, split: str) -> Path:
    """Where the figures of a run's part are kept."""
    return store.run_folder(folder, run) / "report" / f"evaluation-{split}.json"


def model_stamp(folder: Path, run: str) -> dict[str, int]:
    """What tells one saved model of a run from another."""
    found = store.best_model(folder, run).stat()
    return {"size": found.st_size, "modified_ns": found.st_mtime_ns}


def keep(folder: Path, evaluation: Evaluation, stamp: dict[str, int]) -> None:
    """Write the figures, and which model they are about.

    Raises:
        FileError: The disk is full or may not be written to.
    """
    write_json(path_for(folder, evaluation.run, evaluation.split), {**evaluation.to_json(), "model": stamp})


def cached_metrics(folder: Path, run: str, split: str) -> dict[str, Any] | None:
    """The kept metrics, or None where there are none of the model that lies there now."""
    path = path_for(folder, run, split)
    if not path.exists():
        return None
    try:
        body = read_json(path)
        return dict(body["metrics"]) if body["model"] == model_stamp(folder, run) else None
    except (WorkbenchError, OSError, KeyError, TypeError, ValueError):
        return None
