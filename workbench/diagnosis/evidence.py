"""What the rules look at: the facts of a training, and all that its run has shown so far."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

CLASS_LOSSES = ("sparse_categorical_crossentropy", "categorical_crossentropy", "kl_divergence")
BINARY_LOSSES = ("binary_crossentropy",)
VALUE_CHANCE = {"mean_squared_error": 1.0, "mean_absolute_error": 0.8, "huber": 0.4, "log_cosh": 0.36}
"""The losses of answering the mean of a standardised, normally spread target."""
RECTIFIERS = ("relu", "relu6")
SQUASHERS = ("sigmoid", "tanh", "hard_sigmoid", "softsign")


@dataclasses.dataclass(frozen=True)
class LayerFacts:
    """A layer of the network that is trained.

    Args:
        id: Its node in the drawing.
        name: Its name in the drawing.
        kind: Keras's class name.
        activation: By Keras's name; empty where it has none.
        params: What was set of it.
        units: How many numbers it puts out for a sample at each place; 0 where that is not known.
        learns: Whether it has weights that learn.
        answers: Whether it is the network's last layer.
    """

    id: str
    name: str
    kind: str
    activation: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    units: int = 0
    learns: bool = False
    answers: bool = False


@dataclasses.dataclass(frozen=True)
class InputFacts:
    """The numbers that reach the first layer with weights.

    Args:
        node: That layer's node.
        rms: The root of their mean square: 1 for standardised numbers.
        std: Their spread about their mean.
        mean: Their mean.
        low: The smallest.
        high: The largest.
    """

    node: str
    rms: float
    std: float
    mean: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class DataFacts:
    """What the samples themselves tell, found by looking at a part of them.

    Args:
        shared: For the validation and the test part: how many of its samples also are in the training part.
        telling: A column that tells the answer alone, by name, or empty.
        conflicts: How many training samples have a twin with another answer.
        noise: The share of clear neighbourhoods whose sample has another class than all around it; None if unknown.
        far: A target value far outside all others, in its own unit; None where there is none.
        far_count: How many samples have it.
        typical: The range that nearly all other target values have.
        alike: Pairs of classes whose names differ only in case or blanks.
    """

    shared: Mapping[str, int] = dataclasses.field(default_factory=dict)
    telling: str = ""
    conflicts: int = 0
    noise: float | None = None
    far: float | None = None
    far_count: int = 0
    typical: tuple[float, float] = (0.0, 0.0)
    alike: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known before a run begins.

    Args:
        task: "classification" or "regression".
        classes: Their names; empty for a regression.
        counts: Training samples of each class.
        train: Samples that are learnt from.
        validation: Samples that are measured with.
        test: Samples that are kept for the end.
        split: The shares of the three parts, as the plan sets them.
        loss: Keras's name.
        loss_params: What was set of the loss.
        wanted: The last activation that the loss expects.
        activation: The last activation that there is.
        activator: The layer that has it as a setting, by name; empty where none has.
        optimizer: The plan's name for it.
        learning_rate: The plan's.
        batch_size: Samples a step.
        epochs: As planned.
        class_weights: "equal", "balanced" or "custom".
        weight: How much a sample of the training part counts on average.
        weight_decay: As set; None where it was not.
        early_stopping: Whether the run ends by itself.
        fresh: Whether the weights were drawn anew, and not carried over from another run.
        ignored: The columns that are left out.
        layers: In the order of the network.
    """

    task: str
    train: int
    validation: int
    loss: str
    wanted: str
    activation: str
    optimizer: str
    learning_rate: float
    batch_size: int
    epochs: int
    activator: str = ""
    test: int = 0
    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    split: tuple[float, float, float] = (0.7, 0.15, 0.15)
    loss_params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    class_weights: str = "equal"
    weight: float = 1.0
    weight_decay: float | None = None
    early_stopping: bool = True
    fresh: bool = True
    ignored: tuple[str, ...] = ()
    layers: tuple[LayerFacts, ...] = ()

    @property
    def steps(self) -> int:
        """Batches an epoch."""
        return max(1, -(-self.train // self.batch_size))

    @property
    def chance(self) -> float | None:
        """The loss of a network that knows nothing: ln C for C classes, the variance for values; None if unknown."""
        if self.loss in CLASS_LOSSES and len(self.classes) > 1:
            return self.weight * math.log(len(self.classes))
        if self.loss in BINARY_LOSSES:
            return self.weight * math.log(2)
        known = VALUE_CHANCE.get(self.loss)
        return None if known is None else self.weight * known

    @property
    def prior(self) -> float | None:
        """The loss of a network that knows only how frequent each class is: their entropy; else as `chance`."""
        if self.loss not in (*CLASS_LOSSES, *BINARY_LOSSES) or not sum(self.counts) or self.class_weights != "equal":
            return self.chance
        shares = np.array(self.counts, float) / sum(self.counts)
        return float(-(shares * np.log(np.maximum(shares, 1e-12))).sum()) * self.weight

    @property
    def majority(self) -> float:
        """The share of the most frequent class in the training part; 0 for values."""
        return max(self.counts) / sum(self.counts) if sum(self.counts) else 0.0

    @cached_property
    def named(self) -> dict[str, LayerFacts]:
        """The layers by name."""
        return {layer.name: layer for layer in self.layers}


@dataclasses.dataclass(frozen=True)
class Epoch:
    """An epoch that ended: its number from 1, the figures as Keras names them, and the learning rate at its end."""

    number: int
    metrics: Mapping[str, float]
    learning_rate: float | None = None


@dataclasses.dataclass(frozen=True)
class Stretch:
    """Some batches in a row: up to which step of the whole run, how many samples, and their mean loss."""

    step: int
    samples: int
    loss: float


@dataclasses.dataclass(frozen=True)
class LayerLook:
    """One layer's numbers on the probe: root mean squares, and shares from 0 to 1. None where there is no such.

    Args:
        name: The layer's name in the drawing.
        weights: (mean, spread) of what learns.
        gradients: (mean, spread) of its gradients.
        gradient: The root mean square of its gradients.
        activations: (mean, spread) of what it puts out.
        dead: The share of its units that put out nothing for any sample of the probe.
        saturated: The share of what it puts out that is near the ends of its activation's range.
        drift: How far the weights have moved since the start, as a part of their length then.
    """

    name: str
    weights: tuple[float, float] | None = None
    gradients: tuple[float, float] | None = None
    gradient: float | None = None
    activations: tuple[float, float] | None = None
    dead: float | None = None
    saturated: float | None = None
    drift: float | None = None


@dataclasses.dataclass(frozen=True)
class Look:
    """A look into the network on a fixed batch of training samples, as it learns from them.

    Args:
        epoch: After which epoch, from 1.
        step: After how many batches of the whole run.
        loss: On the probe.
        norm: Of all gradients together.
        layers: In the order of the network.
        predicted: How many of the probe's samples were taken for each class; empty for values.
        true: How many are of each class.
    """

    epoch: int
    step: int
    loss: float
    norm: float
    layers: tuple[LayerLook, ...]
    predicted: tuple[int, ...] = ()
    true: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True)
class Broken:
    """Where a training's numbers stopped being numbers.

    Args:
        epoch: In which epoch, from 1.
        step: In which batch of it, from 1; 0 where that is not known.
        layer: The layer's name; empty where it was not found.
        what: "activations", "gradients", "weights" or "loss".
    """

    epoch: int
    step: int
    layer: str
    what: str


@dataclasses.dataclass
class Evidence:
    """All that a run has shown so far; grows while it goes on.

    Args:
        facts: Of the plan and the data.
        start: The loss of the first batch, before anything was learnt; None where it is not known.
        epochs: That ended.
        stretches: The batches, some at a time.
        looks: Into the network.
        inputs: What reaches the first layer with weights.
        data: What the samples tell.
        broken: Where NaN began, where it did.
        over: Whether the run has ended.
    """

    facts: Facts
    start: float | None = None
    epochs: list[Epoch] = dataclasses.field(default_factory=list)
    stretches: list[Stretch] = dataclasses.field(default_factory=list)
    looks: list[Look] = dataclasses.field(default_factory=list)
    inputs: InputFacts | None = None
    data: DataFacts | None = None
    broken: Broken | None = None
    over: bool = False

    def series(self, name: str) -> np.ndarray:
        """One figure, epoch by epoch; NaN where an epoch has none."""
        return np.array([epoch.metrics.get(name, math.nan) for epoch in self.epochs], float)

    @property
    def steps(self) -> int:
        """How many batches were learnt from."""
        in_epochs = len(self.epochs) * self.facts.steps
        return max(in_epochs, self.stretches[-1].step if self.stretches else 0)

    @property
    def level(self) -> float | None:
        """What a loss is high or low against: chance where it is known, else where the run began."""
        return self.facts.chance if self.facts.chance is not None else self.start

    @property
    def faded(self) -> bool:
        """Whether a schedule has brought the learning rate below a hundredth of what it was."""
        rates = [epoch.learning_rate for epoch in self.epochs if epoch.learning_rate is not None]
        return len(rates) > 1 and rates[-1] < 0.01 * max(rates)

    @property
    def learnt(self) -> float | None:
        """The part of the loss that is gone, from 0 (nothing) to 1 (all); None before an epoch ended."""
        losses = self.series("loss")
        if not len(losses) or not self.level:
            return None
        return 1 - float(losses[-1]) / self.level

    def curves(self, *names: str) -> dict[str, list[float]]:
        """Figures by epoch, to be drawn: {"x": epochs, name: values}; without what there is none of."""
        drawn: dict[str, list[float]] = {"x": [float(epoch.number) for epoch in self.epochs]}
        for name in names:
            values = self.series(name)
            if np.isfinite(values).any():
                drawn[name] = [float(value) for value in values]
        return drawn
