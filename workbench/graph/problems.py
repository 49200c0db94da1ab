"""What is wrong with a drawing, where, and what would mend it."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

Action = Literal[
    "insert_before",
    "insert_after",
    "insert_on",
    "set_params",
    "connect",
    "disconnect",
    "unshare",
    "remove",
    "add_output",
    "add_input",
    "all",
]


@dataclasses.dataclass(frozen=True)
class Repair:
    """An edit that mends a problem, as data; `repairs.repaired` carries it out, and so shows it before.

    `action`: "insert_before" / "insert_after" (args: layer, params), "insert_on" (args: link, and layers: each
    with layer and params),
    "set_params" (args: params), "connect" (args: source), "disconnect" (args: link), "unshare", "remove",
    "add_output", "add_input", or "all" (args: repairs, done in their order).
    """

    label: str
    action: Action
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
