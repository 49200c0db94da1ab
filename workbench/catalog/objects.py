"""What a training is made of, as the shipped catalogue has it: one record for each class of Keras, offered or not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Literal

from workbench.core.errors import UsageError
from workbench.core.params import Param

ObjectKind = Literal["optimizers", "schedules", "losses", "metrics", "callbacks"]
Answers = Literal["numbers", "one_hot", "second", "value", "own_unit"]
"""What is compared: class numbers or one number a class with one output a class; the probability of the second of two
classes; one value as the network learns it (standardised), or in the target's own unit."""
OBJECT_KINDS: tuple[ObjectKind, ...] = ("optimizers", "schedules", "losses", "metrics", "callbacks")


@dataclasses.dataclass(frozen=True, slots=True)
class ObjectSpec:
    """One class of Keras that a plan can name, or one that it cannot, with the reason.

    Args:
        name: The plan's name; the class's own where a plan cannot name it.
        class_name: Keras's class.
        title: The words a person reads.
        doc: When to take it.
        params: Its own settings, apart from what the plan has for all of its kind.
        reason: Why it cannot be chosen; empty for one that can.
        learning_rate: Optimizers: a learning rate to begin with.
        weight_decay: Optimizers: how fast weights shrink where the plan says nothing.
        state: Optimizers: how many numbers are remembered for each weight.
        answers: Losses and metrics: the kinds of answers they compare, best first.
        higher_is_better: Metrics: which way is up.
        setting: Callbacks: the plan's setting that does its work.
    """

    name: str
    class_name: str = ""
    title: str = ""
    doc: str = ""
    params: tuple[Param, ...] = ()
    reason: str = ""
    learning_rate: float = 0.001
    weight_decay: float | None = None
    state: float = 0.0
    answers: tuple[Answers, ...] = ()
    higher_is_better: bool = True
    setting: str = ""

    def to_json(self) -> dict[str, Any]:
        """What is known of it, without what its kind does not have."""
        record = {
            field.name: value
            for field in dataclasses.fields(self)
            if (value := getattr(self, field.name)) != field.default
        }
        return {**record, "params": [param.to_json() for param in self.params], "answers": list(self.answers)}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> ObjectSpec:
        """A spec from the shipped catalogue."""
        params = tuple(Param.from_json(param) for param in record.get("params", ()))
        return cls(**{**record, "params": params, "answers": tuple(record.get("answers", ()))})


@cache
def every_object(kind: ObjectKind) -> tuple[ObjectSpec, ...]:
    """Every class of a kind that Keras has: those that a plan can name, in the form's order, then the others."""
    text = resources.files("workbench.catalog").joinpath("training.json").read_text(encoding="utf-8")
    return tuple(ObjectSpec.from_json(record) for record in json.loads(text)[kind])


@cache
def objects(kind: ObjectKind) -> tuple[ObjectSpec, ...]:
    """Those of a kind that a plan can name."""
    return tuple(spec for spec in every_object(kind) if not spec.reason)


def object_spec(kind: ObjectKind, name: str) -> ObjectSpec | None:
    """The one of that name; None where a plan cannot name it."""
    return next((spec for spec in objects(kind) if spec.name == name), None)


def checked_params(title: str, params: Sequence[Param], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was set of an object's own settings, each in its stored form.

    Raises:
        UsageError: It has no such setting, or the value is not one that it takes.
    """
    known = {param.name: param for param in params}
    for name in given:
        if name not in known:
            names = ", ".join(known) or "none"
            raise UsageError(f"{title} has no setting {name!r}.", f"{name}={given[name]!r}", f"It has: {names}.")
    return {name: known[name].check(value) for name, value in given.items()}


def arguments(params: Sequence[Param], given: Mapping[str, Any]) -> dict[str, Any]:
    """What to hand to Keras: what was set, in its stored form, and our suggestion for what Keras leaves open.

    Raises:
        UsageError: A value is not one that a setting takes.
    """
    known = {param.name: param for param in params}
    suggested = {param.name: param.default for param in params if param.required}
    return {
        **suggested,
        **{name: known[name].check(value) if name in known else value for name, value in given.items()},
    }
