"""The losses and metrics that fit a task, and what the network's last layer must put out for each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal, Protocol

from workbench.catalog.objects import Answers, ObjectSpec, objects
from workbench.core.errors import UsageError
from workbench.core.params import Param

Task = Literal["classification", "regression"]
AUTO = "auto"
TOP_K_FROM = 6
"""Of fewer classes the right one is always among the five most likely."""


class Asked(Protocol):
    """What the data ask for; a `DatasetInfo` is one."""

    @property
    def task(self) -> Task: ...

    @property
    def classes(self) -> tuple[str, ...]: ...


@dataclasses.dataclass(frozen=True, slots=True)
class LossSpec:
    """One loss for one task, as Keras's snake case names it.

    Args:
        name: Keras's name.
        title: The words a person reads.
        doc: When to take it.
        outputs: How many numbers the network must put out for each sample.
        activation: The activation of the last layer that it expects.
        answers: What it compares.
        class_name: Keras's class.
        params: Its own settings.
    """

    name: str
    title: str
    doc: str
    outputs: int
    activation: str
    answers: Answers = "numbers"
    class_name: str = ""
    params: tuple[Param, ...] = ()

    @property
    def one_hot(self) -> bool:
        """Whether it compares with one number a class instead of the class's number."""
        return self.answers == "one_hot"


@dataclasses.dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric for one task, by Keras's name, which is also the history's.

    Args:
        name: Keras's name.
        title: The words a person reads.
        doc: What it says.
        higher_is_better: Which way is up.
        answers: What it compares.
        class_name: Keras's class; empty for "accuracy", a word that Keras turns into the class that fits.
        params: Its own settings.
    """

    name: str
    title: str
    doc: str
    higher_is_better: bool = True
    answers: Answers = "numbers"
    class_name: str = ""
    params: tuple[Param, ...] = ()


def losses_for(task: Task, classes: int) -> tuple[LossSpec, ...]:
    """The losses that fit, the default first.

    Args:
        task: What is learned.
        classes: How many classes there are; of no matter for regression.
    """
    found = [made for spec in objects("losses") if (made := _loss(spec, task, classes)) is not None]
    # A value's usual loss may be a class's unusual one: for each task its own come first.
    return tuple(sorted(found, key=lambda loss: loss.answers == "one_hot" and loss.name.startswith("mean_")))


def _loss(spec: ObjectSpec, task: Task, classes: int) -> LossSpec | None:
    for answers in spec.answers:
        match answers:
            case "value" | "own_unit" if task == "regression":
                outputs, activation = 1, "linear"
            case "second" if task == "classification" and classes == 2:
                outputs, activation = 1, "sigmoid"
            case "numbers" | "one_hot" if task == "classification":
                outputs, activation = classes, "softmax"
            case _:
                continue
        return LossSpec(spec.name, spec.title, spec.doc, outputs, activation, answers, spec.class_name, spec.params)
    return None


def resolve_loss(name: str, info: Asked, where: str = "training.loss") -> LossSpec:
    """The loss that a plan names; "auto" is the task's default.

    Args:
        name: Keras's name, or "auto".
        info: What the data ask for.
        where: The setting that names it, for the message.

    Raises:
        UsageError: It is unknown, or does not fit the task.
    """
    fitting = losses_for(info.task, len(info.classes))
    found = fitting[0] if name == AUTO else next((loss for loss in fitting if loss.name == name), None)
    if found is None:
        data = "values" if info.task == "regression" else f"{len(info.classes)} classes"
        names = ", ".join(loss.name for loss in fitting)
        raise UsageError(f"The loss must be one that fits {data}.", f"{where}={name}", f"These fit: {names}.")
    return found


def metrics_for(task: Task, classes: int, loss: LossSpec | None = None) -> tuple[MetricSpec, ...]:
    """The metrics that fit, the default first; some need one output a class, some a single one."""
    if task == "regression":
        able = {"own_unit"}
    elif loss is not None and loss.outputs == 1:
        able = {"second"}
    else:
        able = {"numbers", "one_hot"}
    sparse, one_hot = "sparse_top_k_categorical_accuracy", "top_k_categorical_accuracy"
    left_out = {sparse, one_hot} if classes < TOP_K_FROM else {sparse if loss and loss.one_hot else one_hot}
    found = []
    for spec in objects("metrics"):
        answers = next((answers for answers in spec.answers if answers in able), None)
        if answers is not None and spec.name not in left_out:
            found.append(
                MetricSpec(
                    spec.name,
                    spec.title,
                    spec.doc,
                    spec.higher_is_better,
                    answers,
                    spec.class_name,
                    spec.params,
                )
            )
    return tuple(found)


def resolve_metrics(
    names: Sequence[str], info: Asked, loss: LossSpec | None = None, where: str = "training.metrics"
) -> tuple[MetricSpec, ...]:
    """The metrics that a plan names; "auto" is the task's defaults.

    Args:
        names: Keras's names, or "auto".
        info: What the data ask for.
        loss: What is made small: some metrics need one output a class, some a single one.
        where: The setting that names them, for the message.

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
            raise UsageError("A metric must fit the task.", f"{where}={name}", f"These fit: {known}.")
        chosen.append(found)
    return tuple(dict.fromkeys(chosen))
