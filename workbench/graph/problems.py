"""What is wrong with a drawing, where, and what would mend it."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal


@dataclasses.dataclass(frozen=True)
class Repair:
    """An edit that mends a problem, as data; `edits.apply_repair` carries it out.

    `action`: "insert_before" / "insert_after" (args: layer, params), "set_params" (args: params), "connect" (args:
    source), "remove", or "add_output".
    """

    label: str
    action: Literal["insert_before", "insert_after", "set_params", "connect", "remove", "add_output"]
    node: str | None
    args: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Problem:
    """One sentence about one node (or the whole drawing when `node` is None). An "error" stops training."""

    message: str
    node: str | None = None
    repair: Repair | None = None
    severity: Literal["error", "warning"] = "error"
    hint: str = ""

    def to_json(self) -> dict[str, Any]:
        """The problem as the command line's contract words it."""
        return {
            "node": self.node,
            "message": self.message,
            "fix": self.repair.label if self.repair else (self.hint or None),
            "severity": self.severity,
        }
