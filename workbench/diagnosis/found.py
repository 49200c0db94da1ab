"""What a rule says: the words, the numbers to draw, where the rule is from, and the edit that would help."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.core.events import Finding, Severity

Remedy = Mapping[str, Any]
RANKS: dict[Severity, int] = {"info": 0, "warning": 1, "error": 2}


@dataclasses.dataclass(frozen=True)
class Found:
    """One finding.

    Args:
        rule: The rule's name.
        severity: "info" accuses nobody; "warning" and "error" do.
        message: What was seen, with its numbers.
        hint: Why that is bad, and what helps.
        layer: The layer's name, where it is about one.
        evidence: Named series to draw; "x" is the axis, or "labels" names the bars.
        remedy: As `remedy` makes it; None where no single edit helps.
        source: Where the rule is from.
    """

    rule: str
    severity: Severity
    message: str
    hint: str
    source: str
    layer: str = ""
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    remedy: Remedy | None = None

    def finding(self, run: str, epoch: int) -> Finding:
        """The event that tells of it, after `epoch` (0: before the run)."""
        return Finding(
            run=run,
            rule=self.rule,
            severity=self.severity,
            message=self.message,
            hint=self.hint,
            epoch=epoch,
            layer=self.layer,
            evidence=self.evidence,
            remedy=self.remedy,
            source=self.source,
        )


def remedy(label: str, settings: Mapping[str, Any] | None = None, repairs: Sequence[Mapping[str, Any]] = ()) -> Remedy:
    """An edit that helps, as data.

    Args:
        label: What its button says.
        settings: Values by the path that `--set` takes.
        repairs: Edits of the drawing, each as a `graph.problems.Repair` has them: action, node, args.
    """
    made: dict[str, Any] = {"label": label, "set": dict(settings or {})}
    if repairs:
        made["repairs"] = [dict(repair) for repair in repairs]
    return made


def rounded(value: float) -> float:
    """A setting's value as a person would write it: two digits that count."""
    return float(f"{value:.2g}")
