"""The figures of an evaluation, from answers and truths alone."""

from __future__ import annotations

import numpy as np

from workbench.data.work import Array


def confusion_matrix(truths: Array, predicted: Array, classes: int) -> Array:
    """How often each true class (rows) was told to be each class (columns)."""
    pairs = truths.astype(np.int64) * classes + predicted
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def per_class(confusion: Array) -> dict[str, Array]:
    """`precision`, `recall`, `f1` and `support` of each class; 0 where a class was never told or never there."""
    right = np.diag(confusion).astype(np.float64)
    told, there = confusion.sum(axis=0), confusion.sum(axis=1)
    precision = np.divide(right, told, out=np.zeros_like(right), where=told > 0)
    recall = np.divide(right, there, out=np.zeros_like(right), where=there > 0)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros_like(right), where=both > 0)
    return {"precision": precision, "recall": recall, "f1": f1, "support": there}


def classification(probabilities: Array, truths: Array) -> dict[str, float]:
    """Accuracy, and precision, recall and F1 averaged over the classes that occur; no value where there are no samples.

    Args:
        probabilities: (samples, classes).
        truths: Class numbers, (samples,).
    """
    if not len(truths):
        return {}
    classes = probabilities.shape[1]
    confusion = confusion_matrix(truths, probabilities.argmax(axis=1), classes)
    each = per_class(confusion)
    # scikit-learn's macro average too counts a class that is there or was told.
    counted = (confusion.sum(axis=0) + confusion.sum(axis=1)) > 0
    figures = {"accuracy": float(np.trace(confusion) / len(truths))}
    if classes > 5:
        figures["top_5_accuracy"] = _top(5, probabilities, truths)
    figures |= {f"macro_{name}": float(each[name][counted].mean()) for name in ("precision", "recall", "f1")}
    if classes == 2 and 0 < truths.sum() < len(truths):
        figures["auc"] = _auc(probabilities[:, 1], truths == 1)
    return figures


def _top(count: int, probabilities: Array, truths: Array) -> float:
    right = probabilities[np.arange(len(truths)), truths]
    better = (probabilities > right[:, None]).sum(axis=1)
    return float((better < count).mean())


def _auc(scores: Array, positive: Array) -> float:
    """The chance that a positive sample scores higher than a negative one, ties counting half."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[place]
    positives, negatives = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def regression(values: Array, truths: Array) -> dict[str, float]:
    """Errors in the target's own unit, and the part of its spread that is explained.

    Args:
        values: The answers, (samples,).
        truths: (samples,), in the same unit.
    """
    if not len(truths):
        return {}
    errors = values - truths
    figures = {
        "mean_absolute_error": float(np.abs(errors).mean()),
        "root_mean_squared_error": float(np.sqrt((errors**2).mean())),
    }
    spread = float(((truths - truths.mean()) ** 2).sum())
    if spread > 0:
        figures["r2_score"] = 1 - float((errors**2).sum()) / spread
    return figures
