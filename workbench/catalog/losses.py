"""The losses and metrics that fit a task, and what the network's last layer must put out for each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal, Protocol

from workbench.core.errors import UsageError

Task = Literal["classification", "regression"]
AUTO = "auto"


class Asked(Protocol):
    """What the data ask for; a `DatasetInfo` is one."""

    @property
    def task(self) -> Task: ...

    @property
    def classes(self) -> tuple[str, ...]: ...


@dataclasses.dataclass(frozen=True, slots=True)
class LossSpec:
    """One loss, as Keras's snake case names it.

    Args:
        name: Keras's name.
        title: The words a person reads.
        doc: When to take it.
        outputs: How many numbers the network must put out for each sample.
        activation: The activation of the last layer that it expects.
    """

    name: str
    title: str
    doc: str
    outputs: int
    activation: str

    @property
    def one_hot(self) -> bool:
        """Whether it compares with one number a class instead of the class's number."""
        return self.name in ("categorical_crossentropy", "categorical_focal_crossentropy", "kl_divergence")


@dataclasses.dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric, by Keras's name, which is also the history's."""

    name: str
    title: str
    doc: str
    higher_is_better: bool = True


_CLASS_LOSSES = (
    (
        "sparse_categorical_crossentropy",
        "Cross-entropy",
        "The usual choice for classes: the less probability the right class got, the higher the loss.",
    ),
    (
        "categorical_crossentropy",
        "Cross-entropy, one-hot",
        "The same figure, computed from one number a class.",
    ),
    (
        "categorical_focal_crossentropy",
        "Focal cross-entropy",
        "Pays more heed to samples that are still wrong; helps when some classes are rare.",
    ),
    ("kl_divergence", "Kullback-Leibler divergence", "How far the probabilities are from the right ones."),
)
_BINARY_LOSSES = (
    (
        "binary_crossentropy",
        "Binary cross-entropy",
        "For two classes: one output that is the probability of the second class.",
    ),
    (
        "binary_focal_crossentropy",
        "Binary focal cross-entropy",
        "For two classes of which one is rare: one output, with more heed to samples that are still wrong.",
    ),
)
_VALUE_LOSSES = (
    (
        "mean_squared_error",
        "Mean squared error",
        "The usual choice for values: large errors weigh much more than small ones.",
    ),
    ("mean_absolute_error", "Mean absolute error", "All errors weigh by their size; outliers matter less."),
    ("huber", "Huber", "Squared for small errors, absolute for large ones: steady with outliers."),
    ("log_cosh", "Log-cosh", "Much like Huber, and smooth everywhere."),
)
_CLASS_METRICS = (MetricSpec("accuracy", "Accuracy", "Part of the samples whose class was found."),)
_TOP_5 = ("Top-5 accuracy", "Part of the samples whose class is among the five most likely.")
_BINARY_METRICS = (
    MetricSpec("precision", "Precision", "Of those told to be the second class, the part that is."),
    MetricSpec("recall", "Recall", "Of those of the second class, the part that was found."),
    MetricSpec("auc", "AUC", "How well the two classes are told apart, whatever the threshold."),
)
_VALUE_METRICS = (
    MetricSpec("mean_absolute_error", "Mean absolute error", "The average error, in the target's unit.", False),
    MetricSpec(
        "root_mean_squared_error",
        "Root mean squared error",
        "The typical error with large ones weighing more, in the target's unit.",
        False,
    ),
    MetricSpec(
        "r2_score", "R²", "The part of the spread that is explained: 1 is perfect, 0 is no better than the mean."
    ),
)


def losses_for(task: Task, classes: int) -> tuple[LossSpec, ...]:
    """The losses that fit, the default first.

    Args:
        task: What is learned.
        classes: How many classes there are; of no matter for regression.
    """
    if task == "regression":
        return tuple(LossSpec(*words, outputs=1, activation="linear") for words in _VALUE_LOSSES)
    found = [LossSpec(*words, outputs=classes, activation="softmax") for words in _CLASS_LOSSES]
    if classes == 2:
        found += [LossSpec(*words, outputs=1, activation="sigmoid") for words in _BINARY_LOSSES]
    return tuple(found)


def resolve_loss(name: str, info: Asked) -> LossSpec:
    """The loss that a plan names; "auto" is the task's default.

    Raises:
        UsageError: It is unknown, or does not fit the task.
    """
    fitting = losses_for(info.task, len(info.classes))
    found = fitting[0] if name == AUTO else next((loss for loss in fitting if loss.name == name), None)
    if found is None:
        data = "values" if info.task == "regression" else f"{len(info.classes)} classes"
        names = ", ".join(loss.name for loss in fitting)
        raise UsageError(f"The loss must be one that fits {data}.", f"training.loss={name}", f"These fit: {names}.")
    return found


def metrics_for(task: Task, classes: int, loss: LossSpec | None = None) -> tuple[MetricSpec, ...]:
    """The metrics that fit, the default first; precision, recall and AUC need a single output."""
    if task == "regression":
        return _VALUE_METRICS
    if loss is not None and loss.outputs == 1:
        return (*_CLASS_METRICS, *_BINARY_METRICS)
    one_hot = loss is not None and loss.one_hot
    top_5 = MetricSpec("top_k_categorical_accuracy" if one_hot else "sparse_top_k_categorical_accuracy", *_TOP_5)
    return (*_CLASS_METRICS, top_5) if classes > 5 else _CLASS_METRICS


def resolve_metrics(names: Sequence[str], info: Asked, loss: LossSpec | None = None) -> tuple[MetricSpec, ...]:
    """The metrics that a plan names; "auto" is the task's defaults.

    Raises:
        UsageError: One is unknown, or does not fit the task.
    """
    fitting = metrics_for(info.task, len(info.classes), loss)
    chosen: list[MetricSpec] = []
    for name in names:
        if name == AUTO:
            chosen += fitting[:2] if info.task == "regression" else fitting[:1]
            continue
        found = next((metric for metric in fitting if metric.name == name), None)
        if found is None:
            known = ", ".join(metric.name for metric in fitting)
            raise UsageError("A metric must fit the task.", f"training.metrics={name}", f"These fit: {known}.")
        chosen.append(found)
    return tuple(dict.fromkeys(chosen))
