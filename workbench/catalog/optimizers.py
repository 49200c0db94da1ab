"""The optimizers one can train with, and which settings each of them uses."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class OptimizerSpec:
    """One optimizer, as the plan names it.

    Args:
        name: The plan's name.
        title: The words a person reads.
        doc: When to take it.
        uses: Settings of the plan that it takes beside the learning rate.
        learning_rate: A learning rate to begin with.
    """

    name: str
    title: str
    doc: str
    uses: tuple[str, ...] = ()
    learning_rate: float = 0.001


_OPTIMIZERS = (
    OptimizerSpec("adam", "Adam", "Adapts the step to each weight. Works well almost everywhere."),
    OptimizerSpec(
        "adamw",
        "AdamW",
        "Adam that also shrinks the weights a little at each step, which often generalises better.",
        ("weight_decay",),
    ),
    OptimizerSpec("sgd", "SGD", "Plain gradient descent: simple, and needs a well chosen learning rate.", (), 0.01),
    OptimizerSpec(
        "rmsprop", "RMSprop", "Divides each step by the recent size of the gradient; made for recurrent nets."
    ),
    OptimizerSpec("adagrad", "Adagrad", "Steps shrink where gradients were large: for sparse features.", (), 0.01),
)


def optimizers() -> tuple[OptimizerSpec, ...]:
    """The optimizers, the default first."""
    return _OPTIMIZERS


def optimizer_spec(name: str) -> OptimizerSpec | None:
    """The optimizer of that name, or None for one we do not know."""
    return next((optimizer for optimizer in _OPTIMIZERS if optimizer.name == name), None)
