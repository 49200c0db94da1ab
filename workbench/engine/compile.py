"""From the plan's settings to a compiled model: optimizer, losses and metrics of every output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from workbench.catalog.losses import LossSpec
from workbench.catalog.objects import arguments
from workbench.catalog.optimizers import optimizer_spec
from workbench.core.errors import TrainingError
from workbench.data.spec import DatasetInfo, Preparation
from workbench.engine.fused import FUSED
from workbench.engine.measures import given_form, make_loss, make_metric
from workbench.engine.rates import Steered, make_rate
from workbench.engine.twin import Twin
from workbench.project.outputs import End, main_place
from workbench.project.training import TrainingSettings
from workbench.project.weights import class_weights

_CLIPS = {"value": "clipvalue", "norm": "clipnorm", "global_norm": "global_clipnorm"}


def make_optimizer(settings: TrainingSettings, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """The optimizer that the settings name; `rates.set_scale` changes its learning rate while a run goes on.

    Args:
        settings: The plan.
        steps_per_epoch: How many batches an epoch has: schedules count in batches, plans in epochs.
    """
    spec = optimizer_spec(settings.optimizer)
    assert spec is not None, "the plan checked it"
    chosen = {**arguments(spec.params, settings.optimizer_params), **_gradients(settings), **_averaging(settings)}
    if settings.weight_decay is not None:
        chosen["weight_decay"] = settings.weight_decay
    rate = make_rate(settings, steps_per_epoch)
    made = (FUSED.get(spec.class_name) or getattr(keras.optimizers, spec.class_name))(learning_rate=rate, **chosen)
    if isinstance(rate, Steered):
        made.rate_scale = rate.scale  # an optimizer keeps and restores the variables it holds
    if settings.precision == "mixed_float16" and settings.gradients.loss_scale is None:
        return keras.optimizers.LossScaleOptimizer(made)
    return made


def _gradients(settings: TrainingSettings) -> dict[str, Any]:
    asked = settings.gradients
    found: dict[str, Any] = {}
    if asked.clip != "off":
        found[_CLIPS[asked.clip]] = asked.clip_at
    if asked.accumulate > 1:
        found["gradient_accumulation_steps"] = asked.accumulate
    if asked.loss_scale is not None:
        found["loss_scale_factor"] = asked.loss_scale
    return found


def _averaging(settings: TrainingSettings) -> dict[str, Any]:
    asked = settings.averaging
    if not asked.enabled:
        return {}
    return {"use_ema": True, "ema_momentum": asked.momentum, "ema_overwrite_frequency": asked.every}


def trainable_twin(
    core: keras.Model,
    settings: TrainingSettings,
    info: DatasetInfo,
    preparation: Preparation,
    ends: Sequence[End],
    steps_per_epoch: int = 1,
    labels: np.ndarray | None = None,
) -> keras.Model:
    """A compiled model over the same layers as `core`, which itself stays free of all that only training needs.

    Args:
        core: The network.
        settings: The plan.
        info: What is known of the data.
        preparation: How the data were prepared.
        ends: What each output learns, in the order of `core.outputs`.
        steps_per_epoch: How many batches an epoch has.
        labels: The training part's class numbers of the main target, where balanced class weights are asked for.

    Raises:
        TrainingError: The network's outputs are not as many as the loss compares.
        UsageError: A loss, a metric or a setting of one is not one that fits.
    """
    tensors, several = core.outputs, len(core.outputs) > 1
    names = [end.name for end in ends]
    for output, end in zip(tensors, ends, strict=True):
        _require_outputs(output.shape[1:], end.loss)
    twin = Twin(core.inputs[0], dict(zip(names, tensors, strict=True)) if several else tensors[0])
    twin.name = f"{core.name}_in_training"
    each = [_output(end, settings, preparation.of(end.place)) for end in ends]
    measured = {name: made for name, (_, made) in zip(names, each, strict=True)} if several else each[0][1]
    if several:
        losses = {name: made for name, (made, _) in zip(names, each, strict=True)}
        main = names[main_place(ends)]
        twin.each_loss = {main: losses[main], **losses}
    own = {end.name: end.weight for end in ends}
    twin.compile(
        optimizer=make_optimizer(settings, steps_per_epoch),
        loss=dict(twin.each_loss) if several else each[0][0],
        # Where samples count differently, they do so in what is measured too.
        **{"weighted_metrics" if info.weight else "metrics": measured},
        loss_weights=own if several else None,
        # The loop compiles the steps itself, with XLA where Keras would; the optimizer was made with its loss scale.
        jit_compile="auto",
        auto_scale_loss=False,
    )
    if info.task == "classification":
        twin.weigh_classes(class_weights(settings, info.classes, labels), [end.name for end in ends if not end.place])
    return twin


def _require_outputs(shape: tuple[int, ...], loss: LossSpec) -> None:
    if shape == (loss.outputs,):
        return
    many = "s"[: loss.outputs != 1]
    found = " × ".join(str(size) for size in shape) or "a single number"
    raise TrainingError(
        f"With the loss {loss.title!r} the network must put out {loss.outputs} number{many} a sample.",
        f"{found} from the last layer",
        f"Make the last layer a Dense with {loss.outputs} unit{many}, behind a Flatten if need be.",
    )


def _output(
    end: End, settings: TrainingSettings, preparation: Preparation
) -> tuple[keras.losses.Loss, list[keras.metrics.Metric | str]]:
    """One output's loss and metrics; the feed hands out its target in the form that the loss compares."""
    given = given_form(end.loss)
    return (
        make_loss(end.loss, end.params, preparation, given),
        [make_metric(spec, settings.metric_params.get(spec.name, {}), preparation, given) for spec in end.metrics],
    )
