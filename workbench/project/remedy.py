"""A project healed: the edit that a finding offers, carried out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbench.graph.problems import Repair
from workbench.graph.repairs import repaired
from workbench.project.model import Project
from workbench.project.setting import assign


def healed(project: Project, remedy: Mapping[str, Any]) -> Project:
    """The project with a finding's remedy carried out.

    Args:
        project: What the finding is about.
        remedy: {"label": words, "set": {path: value}, "repairs": [{"action", "node", "args"}]}; the last is optional.

    Raises:
        UsageError: A setting is not one that the project has.
        GraphError: What a repair works on is no longer there.
    """
    for path, value in remedy.get("set", {}).items():
        project = assign(project, f"{path}={json.dumps(value)}")
    graph = project.graph
    for step in remedy.get("repairs", ()):
        graph = repaired(graph, Repair(remedy["label"], step["action"], step.get("node"), dict(step.get("args", {}))))
    return project.model_copy(update={"graph": graph})
