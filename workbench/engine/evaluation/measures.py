"""The figures of an evaluation, from answers and truths alone."""

from __future__ import annotations

import numpy as np

from workbench.data.work import Array


def confusion_matrix(truths: Array, predicted: Array, classes: int, weights: Array | None = None) -> Array:
    """How often each true class (rows) was told to be each class (columns), or what those samples weigh together."""
    pairs = truths.astype(np.int64) * classes + predicted
    weighing = None if weights is None else weights.astype(np.float64)
    return np.bincount(pairs, weighing, minlength=classes * classes).reshape(classes, classes)


def per_class(confusion: Array) -> dict[str, Array]:
    """`precision`, `recall`, `f1` and `support` of each class; 0 where a class was never told or never there."""
    right = np.diag(confusion).astype(np.float64)
    told, there = confusion.sum(axis=0), confusion.sum(axis=1)
    precision = np.divide(right, told, out=np.zeros_like(right), where=told > 0)
    recall = np.divide(right, there, out=np.zeros_like(right), where=there > 0)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros_like(right), where=both > 0)
    return {"precision": precision, "recall": recall, "f1": f1, "support": there}


def classification(probabilities: Array, truths: Array, weights: Array | None = None) -> dict[str, float]:
    """Accuracy, and precision, recall and F1 averaged over the classes that occur; no value where there are no samples.

    All are scikit-learn's of the same names, with its `sample_weight` where there are weights.

    Args:
        probabilities: (samples, classes).
        truths: Class numbers, (samples,).
        weights: How much each sample counts, (samples,), not all 0; None for all alike.
    """
    if not len(truths):
        return {}
    classes = probabilities.shape[1]
    confusion = confusion_matrix(truths, probabilities.argmax(axis=1), classes, weights)
    each = per_class(confusion)
    # scikit-learn's macro average too counts a class that is there or was told, whatever its samples weigh.
    counts = confusion if weights is None else confusion_matrix(truths, probabilities.argmax(axis=1), classes)
    counted = (counts.sum(axis=0) + counts.sum(axis=1)) > 0
    figures = {"accuracy": float(np.trace(confusion) / confusion.sum())}
    if classes > 5:
        figures["top_5_accuracy"] = _top(5, probabilities, truths, weights)
    figures |= {f"macro_{name}": float(each[name][counted].mean()) for name in ("precision", "recall", "f1")}
    if classes == 2 and (confusion.sum(axis=1) > 0).all():
        figures["auc"] = _auc(probabilities[:, 1], truths == 1, weights)
    return figures


def _top(count: int, probabilities: Array, truths: Array, weights: Array | None) -> float:
    right = probabilities[np.arange(len(truths)), truths]
    better = (probabilities > right[:, None]).sum(axis=1)
    return float(np.average(better < count, weights=weights))


def _auc(scores: Array, positive: Array, weights: Array | None) -> float:
    """The chance that a positive sample scores higher than a negative one, ties counting half."""
    values, place = np.unique(scores, return_inverse=True)
    weighing = np.ones(len(scores)) if weights is None else weights.astype(np.float64)
    of_positives, of_negatives = (
        np.bincount(place[these], weighing[these], minlength=len(values)) for these in (positive, ~positive)
    )
    below = np.cumsum(of_negatives) - of_negatives / 2
    return float((of_positives * below).sum() / (of_positives.sum() * of_negatives.sum()))


def regression(values: Array, truths: Array, weights: Array | None = None) -> dict[str, float]:
    """Errors in the target's own unit, and the part of its spread that is explained.

    Args:
        values: The answers, (samples,).
        truths: (samples,), in the same unit.
        weights: How much each sample counts, (samples,), not all 0; None for all alike.
    """
    if not len(truths):
        return {}
    errors = values - truths
    squared = float(np.average(errors**2, weights=weights))
    figures = {
        "mean_absolute_error": float(np.average(np.abs(errors), weights=weights)),
        "root_mean_squared_error": float(np.sqrt(squared)),
    }
    spread = float(np.average((truths - np.average(truths, weights=weights)) ** 2, weights=weights))
    if spread > 0:
        figures["r2_score"] = 1 - squared / spread
    return figures
