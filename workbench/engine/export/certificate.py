"""What an export proved about itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from workbench.catalog.formats import Format
from workbench.core.jsonable import jsonable


@dataclasses.dataclass(frozen=True, slots=True)
class Certificate:
    """An export that stands, and how well it was seen to agree with the app.

    Args:
        path: The folder or file.
        format: Which of the formats.
        verified: Whether a fresh process gave the app's own answers. An export that fails is not kept, so this is true.
        max_abs_diff: The largest difference of the main target's answers, in their unit (probability, or the target's).
        tolerance: The largest difference that was allowed.
        label_agreement: The part of the answers with the same class; 1 for regression.
        samples: How many real samples were compared.
        signatures: What it takes and gives: name to inputs and outputs with their types and shapes.
        size: In bytes.
        manifest: Where the whole record is.
        further: Of each further target: the largest difference, and what was allowed.
    """

    path: Path
    format: Format
    verified: bool
    max_abs_diff: float
    tolerance: float
    label_agreement: float
    samples: int
    signatures: dict[str, Any]
    size: int
    manifest: Path
    further: dict[str, Any] = dataclasses.field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As the command line's contract words it."""
        result: dict[str, Any] = jsonable(self)
        return result
