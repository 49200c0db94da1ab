"""The figures that a plan's epochs can be judged by, as the form offers them."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QCoreApplication

from workbench.catalog.losses import AUTO
from workbench.core.errors import UsageError
from workbench.project.figures import VALIDATION, measured, spelled
from workbench.project.model import Project
from workbench.project.outputs import ends_of

PATHS = ("checkpoints.monitor", "early_stopping.monitor", "reduce_on_plateau.monitor")


def choices(project: Project, chosen: str) -> list[tuple[str, str]]:
    """Names and titles: what is measured on the validation part, then on the training part.

    Args:
        project: Whose plan it is.
        chosen: What the plan has now; it stays among them, whatever it is.
    """
    found = {AUTO: _tr("Automatic")}
    names: list[str] = []
    if project.info is not None:
        outputs = [node.name for node in project.graph.outputs]
        with contextlib.suppress(UsageError):  # the plan's problems are told elsewhere
            names = list(measured(ends_of(project.training, project.info, outputs)))
    found |= {f"{VALIDATION}{name}": _tr("Validation {figure}").format(figure=spelled(name)) for name in names}
    found |= {name: _tr("Training {figure}").format(figure=spelled(name)) for name in names}
    return list({**found, chosen: found.get(chosen, chosen)}.items())


def _tr(words: str) -> str:
    return QCoreApplication.translate("Plan", words)
