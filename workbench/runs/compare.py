"""Two runs compared: how their models and settings differ, and what each came to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.graph.diff import Difference, compare
from workbench.project.model import Project
from workbench.runs.store import load_plan, load_record

Pair = tuple[Any, Any]


@dataclasses.dataclass(frozen=True)
class RunDifference:
    """What differs between two runs.

    Args:
        runs: Their names.
        model: From the first drawing to the second.
        settings: The settings of the training and of the data that differ, by path; None where one has no such.
        metrics: Every figure of either run's best epoch; None where a run has it not.
    """

    runs: tuple[str, str]
    model: Difference
    settings: dict[str, Pair]
    metrics: dict[str, tuple[float | None, float | None]]

    def to_json(self) -> dict[str, Any]:
        """As `workbench compare --json` prints it."""
        return {
            "runs": list(self.runs),
            "same": not self.model and not self.settings,
            "model": self.model.to_json(),
            "settings": {path: {"before": old, "after": new} for path, (old, new) in self.settings.items()},
            "metrics": {
                name: {
                    "before": old,
                    "after": new,
                    "difference": new - old if old is not None and new is not None else None,
                }
                for name, (old, new) in self.metrics.items()
            },
        }


def compare_runs(folder: Path, first: str, second: str) -> RunDifference:
    """What leads from one run of a project to another.

    Args:
        folder: The project's folder.
        first: The run before.
        second: The run after.

    Raises:
        ProjectError: There is no such run, or what it left is damaged.
    """
    before, after = (load_plan(folder, run).project for run in (first, second))
    old, new = (load_record(folder, run).metrics for run in (first, second))
    return RunDifference(
        (first, second),
        compare(before.graph, after.graph),
        changed_settings(before, after),
        {name: (old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])},
    )


def changed_settings(before: Project, after: Project) -> dict[str, Pair]:
    """The settings of the training and of the data that differ, by their path."""
    old, new = (_settings(project) for project in (before, after))
    return {
        path: (old.get(path), new.get(path)) for path in dict.fromkeys([*old, *new]) if old.get(path) != new.get(path)
    }


def _settings(project: Project) -> dict[str, Any]:
    return dict(_leaves(project.model_dump(mode="json", include={"training", "dataset"})))


def _leaves(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value
