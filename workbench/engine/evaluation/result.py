"""What an evaluation found."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from workbench.core.jsonable import jsonable
from workbench.data.work import Array
from workbench.engine.evaluation.measures import confusion_matrix, per_class


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """A run's best model on one part of the data.

    Args:
        run: The run's name.
        split: "train", "validation" or "test".
        samples: How many samples the part has.
        metrics: Name to figure; for regression in the target's own unit, but "loss", which is what training made small.
            Each sample counts by its weight, where the data have weights.
        classes: The class names; none for regression.
        confusion: Counts; rows are true classes, columns predicted ones. None for regression.
        predictions: Probabilities (samples, classes), or values (samples,) in the target's own unit.
        truths: Class numbers, or values in the target's own unit, (samples,).
        index: The samples' numbers in the dataset, (samples,).
        target: What is predicted, for regression or where there are several targets.
        weights: How much each sample counts in `metrics`, (samples,); None for all alike.
        weighted_by: The name of those weights; empty where all count alike.
        unweighted: The metrics as they would be if all samples counted alike; empty where they do.
        further: The same of each further target, with its own figures.
    """

    run: str
    split: str
    samples: int
    metrics: dict[str, float]
    classes: tuple[str, ...]
    confusion: Array | None
    predictions: Array
    truths: Array
    index: Array
    target: str = ""
    weights: Array | None = None
    weighted_by: str = ""
    unweighted: dict[str, float] = dataclasses.field(default_factory=dict)
    further: tuple[Evaluation, ...] = ()

    @property
    def predicted(self) -> Array:
        """The class numbers that were told, or the values."""
        return self.predictions.argmax(axis=1) if self.classes else self.predictions

    @property
    def confidence(self) -> Array:
        """For classes: the probability of the class that was told, (samples,)."""
        return self.predictions.max(axis=1) if self.classes else np.ones(self.samples)

    def wrong(self) -> Array:
        """Places of the samples to look at first.

        Returns:
            For classes the misclassified ones, the most confident first; for values all, the largest error first.
        """
        if not self.classes:
            return np.argsort(-np.abs(self.predictions - self.truths), kind="stable")
        missed = np.flatnonzero(self.predicted != self.truths)
        return missed[np.argsort(-self.confidence[missed], kind="stable")]

    def cell(self, truth: int, predicted: int) -> Array:
        """Places of the samples behind one cell of the confusion matrix, the most confident first."""
        found = np.flatnonzero((self.truths == truth) & (self.predicted == predicted))
        return found[np.argsort(-self.confidence[found], kind="stable")]

    @property
    def weighed(self) -> Array | None:
        """The confusion matrix of what the samples weigh: that of their number where all count alike."""
        if self.confusion is None or self.weights is None:
            return self.confusion
        return confusion_matrix(self.truths, self.predicted, len(self.classes), self.weights)

    def class_figures(self) -> list[dict[str, Any]]:
        """Precision, recall, F1 and number of samples of each class, a record each; weighted where `metrics` are."""
        if self.confusion is None or self.weighed is None:
            return []
        each = {**per_class(self.weighed), "support": self.confusion.sum(axis=1)}
        return [
            {"class": label, **{name: values[place].item() for name, values in each.items()}}
            for place, label in enumerate(self.classes)
        ]

    def to_json(self) -> dict[str, Any]:
        """As the command line's contract words it; the answers themselves are left out."""
        body = {"run": self.run, "split": self.split, "samples": self.samples, **self.figures()}
        if self.further:
            body["further"] = {one.target: one.figures() for one in self.further}
        found: dict[str, Any] = jsonable(body)
        return found

    def figures(self) -> dict[str, Any]:
        """What was found of this target, without the samples that it was found on."""
        body: dict[str, Any] = {
            "metrics": self.metrics,
            "confusion_matrix": self.confusion,
            "classes": self.classes,
        }
        if self.confusion is not None:
            body["confusion_axes"] = {"rows": "true class", "columns": "predicted class"}
            body["per_class"] = self.class_figures()
        else:
            body["target"] = self.target
        if self.weights is not None:
            body |= {"weighted_by": self.weighted_by, "unweighted_metrics": self.unweighted}
        return body
