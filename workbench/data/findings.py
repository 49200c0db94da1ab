"""How things found wrong in the data are worded: counted, named up to twenty, with a remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from workbench.data.spec import DataProblem

MOST_NAMED = 20


def problem(
    message: str, remedy: str = "", items: Sequence[str] = (), severity: Literal["error", "warning"] = "warning"
) -> DataProblem:
    """A finding that names at most twenty of the things concerned."""
    return DataProblem(message=message, remedy=remedy, severity=severity, items=tuple(items[:MOST_NAMED]))


def counted(number: int, one: str, many: str | None = None) -> str:
    """`number` with its noun: "1 row", "2 rows"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """The first few names in quotes, and how many more there are."""
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"
