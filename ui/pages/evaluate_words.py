"""Figures and samples of an evaluation in words, and the order in which samples are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from workbench.core.errors import WorkbenchError
    from workbench.engine.evaluation import Evaluation

Filter = Literal["wrong", "right", "all"]
ANY = -1
MAIN = ("accuracy", "mean_absolute_error", "root_mean_squared_error", "r2_score")


def translate(words: str) -> str:
    """The user's language for a sentence of the Evaluate page."""
    return QCoreApplication.translate("Evaluate", words)


def metric_title(name: str) -> str:
    """A metric's name for the eye."""
    return name.replace("_", " ")


def figure(value: float) -> str:
    """A figure for the eye: four decimals, or fewer where it is large."""
    if not np.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 10_000:
        return f"{value:,.0f}"
    if size >= 100:
        return f"{value:,.1f}"
    return f"{value:.4f}" if size < 10 else f"{value:.2f}"


def main_metric(metrics: dict[str, float]) -> str | None:
    """The metric that matters most."""
    for name in MAIN:
        if name in metrics:
            return name
    rest = [name for name in metrics if name != "loss"]
    return rest[0] if rest else next(iter(metrics), None)


class Answers:
    """An evaluation's predictions of classes, sample by sample.

    Every number here is a position in the evaluation, not a sample number.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        shares = np.asarray(evaluation.predictions, dtype=np.float64)
        if shares.ndim == 1:
            shares = np.stack([1 - shares, shares], axis=1)
        self.shares = shares
        self.truth = np.asarray(evaluation.truths).astype(np.int64).reshape(-1)
        self.predicted = shares.argmax(axis=1)
        self.confidence = shares[np.arange(len(shares)), self.predicted]
        self.correct = self.truth == self.predicted

    def order(self, which: Filter, cell: tuple[int, int] | None = None) -> np.ndarray:
        """The positions to show: wrong ones first, the most confident first among them; right ones least sure first.

        Args:
            which: All, or only wrong or right ones; not looked at with a `cell`.
            cell: Only those of this (truth, predicted); `ANY` takes every class.
        """
        wrong = np.flatnonzero(~self.correct)
        right = np.flatnonzero(self.correct)
        wrong = wrong[np.argsort(-self.confidence[wrong], kind="stable")]
        right = right[np.argsort(self.confidence[right], kind="stable")]
        if cell is not None:
            order = np.concatenate([wrong, right])
            truth, predicted = cell
            fits = (truth == ANY) | (self.truth[order] == truth)
            chosen: np.ndarray = order[fits & ((predicted == ANY) | (self.predicted[order] == predicted))]
            return chosen
        return {"wrong": wrong, "right": right, "all": np.concatenate([wrong, right])}[which]

    def named(self, position: int) -> tuple[str, str, float]:
        """The truth, the prediction, and how sure it was."""
        classes = self.evaluation.classes
        return (
            classes[int(self.truth[position])],
            classes[int(self.predicted[position])],
            float(self.confidence[position]),
        )

    def probabilities(self, position: int) -> dict[str, float]:
        """The probability of each class."""
        return {name: float(self.shares[position, number]) for number, name in enumerate(self.evaluation.classes)}


def share_names() -> tuple[str, str, str]:
    """The headings of `per_class` that hold parts of 1."""
    return translate("Precision"), translate("Recall"), translate("F1")


def per_class(confusion: np.ndarray, classes: tuple[str, ...], weighed: np.ndarray | None = None) -> pl.DataFrame:
    """Precision, recall and F1 of each class; empty where nothing can be said.

    Args:
        confusion: Numbers of samples `[truth, predicted]`.
        classes: Their names.
        weighed: What those samples weigh, `[truth, predicted]`; None where all count alike.
    """
    counts = np.asarray(confusion if weighed is None else weighed, dtype=np.float64)
    precision, recall, both = share_names()
    hits, actual, guessed = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)

    def part(above: np.ndarray, below: np.ndarray) -> list[float | None]:
        return [round(float(a / b), 4) if b else None for a, b in zip(above, below, strict=True)]

    return pl.DataFrame(
        {
            translate("Class"): list(classes),
            precision: part(hits, guessed),
            recall: part(hits, actual),
            both: part(2 * hits, actual + guessed),
            translate("Samples"): [int(count) for count in np.asarray(confusion).sum(axis=1)],
        },
        schema_overrides=dict.fromkeys((precision, recall, both), pl.Float64),
    )


def error_words(error: WorkbenchError) -> str:
    """An error as one paragraph."""
    parts = [error.rule, error.received and f"{error.received}.", error.hint]
    return " ".join(part for part in parts if part)
