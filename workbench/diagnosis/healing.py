"""Carries out a finding's remedy on a project: a pure function, so that it can be an edit with an undo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbench.graph.problems import Repair
from workbench.graph.repairs import repaired
from workbench.project.model import Project
from workbench.project.setting import assign


def healed(project: Project, remedy: Mapping[str, Any]) -> Project:
    """The project with a remedy applied.

    Args:
        project: What is ill.
        remedy: As `found.remedy` makes it: {"set": {path: value}, "repairs": [edits of the drawing]}.

    Raises:
        UsageError: A setting is no longer there, or does not take the value.
        GraphError: What a repair works on is no longer there.
    """
    for path, value in dict(remedy.get("set") or {}).items():
        project = assign(project, f"{path}={json.dumps(value)}")
    graph = project.graph
    for repair in remedy.get("repairs") or ():
        step = Repair(
            str(remedy.get("label", "")), repair["action"], repair.get("node"), dict(repair.get("args") or {})
        )
        graph = repaired(graph, step)
    return project if graph is project.graph else project.model_copy(update={"graph": graph})
