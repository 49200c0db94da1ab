"""From an older project file to today's, one frozen step a version; a step imports nothing of ours and cannot rot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.core.errors import ProjectError
from workbench.project.model import FORMAT_VERSION

Step = Callable[[dict[str, Any]], dict[str, Any]]

# STEPS[0] leads from version 1 to version 2, and so on.
STEPS: tuple[Step, ...] = ()


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
