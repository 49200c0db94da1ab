"""From an older project file to today's, one frozen step a version; a step imports nothing of ours and cannot rot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.core.errors import ProjectError
from workbench.project.model import FORMAT_VERSION

Step = Callable[[dict[str, Any]], dict[str, Any]]


def _optimizers_of_keras(body: dict[str, Any]) -> dict[str, Any]:
    """1 to 2: optimizers go by Keras's names; "momentum" and "nesterov" were SGD, their settings stood beside."""
    training = dict(body.get("training") or {})
    momentum, decay = training.pop("momentum", 0.9), training.pop("weight_decay", 0.004)
    optimizer = training.get("optimizer", "adam")
    if optimizer in ("momentum", "nesterov"):
        training["optimizer"] = "sgd"
        more = {"nesterov": True} if optimizer == "nesterov" else {}
        training["optimizer_params"] = {"momentum": momentum, **more}
    if optimizer == "adamw" and decay != 0.004:
        training["weight_decay"] = decay
    return {**body, "training": training}


# STEPS[0] leads from version 1 to version 2, and so on.
STEPS: tuple[Step, ...] = (_optimizers_of_keras,)


def migrate(record: Any, where: str) -> dict[str, Any]:
    """The record as today's version writes it, without its version number.

    Args:
        record: What the file held.
        where: The file's name, for messages.

    Raises:
        ProjectError: The record is no project, or is from a newer program.
    """
    version = record.get("version") if isinstance(record, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ProjectError(
            f"{where} must be a project of this program.",
            "no version number",
            "Open the folder that holds project.json.",
        )
    if version > FORMAT_VERSION:
        raise ProjectError(
            f"{where} was written by a newer version of this program.",
            f"format {version}; this program reads up to {FORMAT_VERSION}",
            "Update the program: pip install --upgrade keras-workbench.",
        )
    body = {key: value for key, value in record.items() if key != "version"}
    for step in STEPS[version - 1 :]:
        body = step(body)
    return body
