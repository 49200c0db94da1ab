"""All rules over the evidence, what each means for the others, and a memory of what was told already."""

from __future__ import annotations

from collections.abc import Callable

from workbench.core.events import Finding
from workbench.diagnosis.evidence import Evidence
from workbench.diagnosis.found import RANKS, Found
from workbench.diagnosis.rules import classes, data, fit, layers, start, steps

Rule = Callable[[Evidence], list[Found]]

RULES: tuple[Rule, ...] = (
    steps.diverged,
    data.unscaled_inputs,
    start.start_loss,
    start.output_mismatch,
    data.labels,
    data.leakage,
    classes.imbalance,
    classes.small_validation,
    start.batch_size,
    steps.rate_too_high,
    steps.rate_too_low,
    layers.vanishing,
    layers.exploding,
    layers.dead_relus,
    layers.saturated,
    classes.collapse,
    fit.overfitting,
    fit.underfitting,
    fit.plateau,
)
"""In the order in which they are told: causes before what follows from them."""

EXPLAINED = {
    "plateau": ("dead_relus", "learning_rate_low", "underfitting"),
    "learning_rate_low": ("dead_relus", "vanishing_gradients", "batch_large", "underfitting"),
    "underfitting": ("dead_relus", "learning_rate_high"),
    "class_collapse": ("dead_relus",),
}
"""Findings that follow from others: not told where one of those was found to be an illness."""


def examine(evidence: Evidence) -> list[Found]:
    """Everything that the rules find in what a run has shown so far, causes first."""
    found = [one for rule in RULES for one in rule(evidence)]
    ill = {one.rule for one in found if one.severity != "info"}
    return [one for one in found if not ill.intersection(EXPLAINED.get(one.rule, ()))]


class Doctor:
    """Tells each finding of a run once, and again only where it has grown worse.

    Args:
        run: The run's name.
    """

    def __init__(self, run: str) -> None:
        self._run = run
        self._told: dict[tuple[str, str], int] = {}

    def findings(self, evidence: Evidence) -> list[Finding]:
        """What is new since the last call."""
        epoch = evidence.epochs[-1].number if evidence.epochs else 0
        new = []
        for found in examine(evidence):
            key, rank = (found.rule, found.layer), RANKS[found.severity]
            if rank > self._told.get(key, -1):
                self._told[key] = rank
                new.append(found.finding(self._run, epoch))
        return new
