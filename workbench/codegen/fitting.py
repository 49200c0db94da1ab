"""How a script trains: the plan's optimizer, schedule, losses and callbacks as Keras code, and what is left out."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from workbench.catalog.losses import AUTO, LossSpec, MetricSpec
from workbench.catalog.objects import Answers, arguments
from workbench.catalog.optimizers import optimizer_spec
from workbench.catalog.schedules import CONSTANT, schedule_spec
from workbench.codegen import stages
from workbench.codegen.printer import Argument, Call, Expr, Several, call, flat, listed, literal, statement
from workbench.data.spec import DatasetInfo, TargetInfo
from workbench.project import outputs
from workbench.project.rates import schedule_arguments, warmup_steps
from workbench.project.training import TrainingSettings

# Names that Keras knows only as classes.
WORDLESS = {
    "categorical_generalized_cross_entropy",
    "fbeta_score",
    "precision_at_recall",
    "recall_at_precision",
    "sensitivity_at_specificity",
    "specificity_at_sensitivity",
    "mean_iou",
    "iou",
    "binary_iou",
    "logcosh",
}
_CLIPS = {"value": "clipvalue", "norm": "clipnorm", "global_norm": "global_clipnorm"}
_PLATEAU = {"factor": 0.1, "patience": 10, "min_delta": 0.0001, "cooldown": 0, "min_lr": 0.0}

WARM_UP = '''
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """Rises evenly to the learning rate, then follows another schedule."""

    def __init__(self, learning_rate, steps, then=None):
        self.learning_rate, self.steps, self.then = learning_rate, steps, then

    def __call__(self, step):
        step = keras.ops.cast(step, "float32")
        after = keras.ops.maximum(step - self.steps, 0.0)
        rate = self.learning_rate if self.then is None else self.then(after)
        rising = self.learning_rate * (step + 1) / self.steps
        return keras.ops.where(step < self.steps, rising, rate)

    def get_config(self):
        then = self.then and keras.saving.serialize_keras_object(self.then)
        return {"learning_rate": self.learning_rate, "steps": self.steps, "then": then}
'''

OWN_UNIT = '''
def {name}(y_true, y_pred):
    """The loss of values as they are, not as the network learns them."""{scale}
    y_true, y_pred = y_true * y_std + y_mean, y_pred * y_std + y_mean
    return {loss}(y_true, y_pred)
'''


@dataclasses.dataclass(frozen=True)
class End:
    """What one output learns, and what it is compared with.

    Args:
        place: Which target it learns: 0 the main one.
        target: What was found of that.
        loss: Its loss.
        params: What was set of the loss's own settings.
        metrics: What is measured.
        left_out: What a run also measures, but takes other targets than this loss.
        weight: How much the loss counts.
    """

    place: int
    target: TargetInfo
    loss: LossSpec
    params: Mapping[str, Any]
    metrics: tuple[MetricSpec, ...]
    left_out: tuple[MetricSpec, ...]
    weight: float


def ends_of(settings: TrainingSettings, info: DatasetInfo, names: list[str]) -> list[End]:
    """What each output is compared with, in their order."""
    return [_scripted(end) for end in outputs.ends_of(settings, info, names)]


def _scripted(end: outputs.End) -> End:
    fitting: dict[Answers, set[str]] = {"value": {"own_unit"}, "own_unit": {"own_unit"}}
    able = fitting.get(end.loss.answers, {end.loss.answers})
    kept = tuple(metric for metric in end.metrics if metric.answers in able or not metric.class_name)
    rest = tuple(metric for metric in end.metrics if metric not in kept)
    return End(end.place, end.target, end.loss, end.params, kept, rest, end.weight)


def functions_of(settings: TrainingSettings, ends: list[End]) -> list[str]:
    """What the script defines for its training."""
    found = [*([WARM_UP] if settings.schedule.warmup_epochs else []), *stages.functions(settings)]
    for name, end in _in_own_unit(ends).items():
        scale = f"\n    y_mean, y_std = scales[{end.place}]" if end.place else ""
        found.append(OWN_UNIT.format(name=name, loss=f"keras.losses.{end.loss.name}", scale=scale))
    return found


def _in_own_unit(ends: list[End]) -> dict[str, End]:
    """The functions for losses that compare values as they are, one for each such loss of a target."""
    found: dict[str, End] = {}
    for end in ends:
        known = [(other.loss, other.place) for other in found.values()]
        if end.loss.answers == "own_unit" and (end.loss, end.place) not in known:
            found[f"in_own_unit_{len(found) + 1}" if found else "in_own_unit"] = end
    return found


def training(settings: TrainingSettings, info: DatasetInfo, ends: list[End]) -> str:
    """The lines that compile and train the model, and take its best weights."""
    several = len(ends) > 1
    losses: list[Expr] = [_loss(end, ends) for end in ends]
    metrics: list[Expr] = [listed([_metric(metric, settings, end.target) for metric in end.metrics]) for end in ends]
    compiled: dict[str, Expr] = {
        "optimizer": _optimizer(settings, info),
        "loss": listed(losses) if several and len({flat(loss) for loss in losses}) > 1 else losses[0],
        "weighted_metrics" if info.weight else "metrics": listed(metrics) if several else metrics[0],
    }
    if any(end.weight != 1 for end in ends):
        compiled["loss_weights"] = listed([literal(end.weight) for end in ends])
    if settings.jit != "auto":
        compiled["jit_compile"] = literal(settings.jit == "on")
    if settings.precision == "mixed_float16" and settings.gradients.loss_scale is not None:
        compiled["auto_scale_loss"] = "False"
    lines = [statement("", call("model.compile", **compiled))]
    weights = "" if several else _class_weights(settings, info)
    if weights:
        lines.append(weights)
    if weights and info.weight:
        # Keras takes weights of classes or of samples, not both.
        lines.append("w_train = w_train * np.array([class_weight[number] for number in y_train], np.float32)")
        weights = ""
    given = ["inputs_of(x_validation)", "targets_of(y_validation)", *(["w_validation"] if info.weight else [])]
    checked = Several("(", tuple(Argument("", words) for words in given), ")")
    fitted = [
        Argument("", f"Batches(x_train, y_train{', w_train' if info.weight else ''})"),
        Argument("validation_data=", checked),
        Argument("epochs=", "EPOCHS"),
        Argument("shuffle=", "False"),
        *([Argument("class_weight=", "class_weight")] if weights else []),
        Argument("callbacks=", listed(_callbacks(settings, ends))),
    ]
    lines += [statement("", Call("model.fit", tuple(fitted))), 'model.load_weights("best.weights.h5")']
    return "\n".join(lines)


def _loss(end: End, ends: list[End]) -> Expr:
    spec = end.loss
    if spec.answers == "own_unit":
        known = _in_own_unit(ends).items()
        return next(name for name, one in known if (one.loss, one.place) == (spec, end.place))
    chosen = arguments(spec.params, end.params)
    if not chosen and spec.name not in WORDLESS:
        return literal(spec.name)
    return call(f"keras.losses.{spec.class_name}", **{name: literal(value) for name, value in chosen.items()})


def _metric(spec: MetricSpec, settings: TrainingSettings, target: TargetInfo) -> Expr:
    chosen = arguments(spec.params, settings.metric_params.get(spec.name, {}))
    if spec.class_name in ("MeanIoU", "IoU"):
        chosen |= {"num_classes": len(target.classes), "sparse_y_pred": False}
    if spec.class_name in ("F1Score", "FBetaScore") and spec.answers == "second":
        chosen["threshold"] = 0.5
    ids = chosen.get("target_class_ids")
    if ids is not None:
        chosen["target_class_ids"] = [int(number) for number in (ids if isinstance(ids, list) else [ids])]
    if not spec.class_name or (not chosen and spec.name not in WORDLESS):
        return literal(spec.name)
    return call(f"keras.metrics.{spec.class_name}", **{name: literal(value) for name, value in chosen.items()})


def _optimizer(settings: TrainingSettings, info: DatasetInfo) -> Expr:
    spec = optimizer_spec(settings.optimizer)
    assert spec is not None, "the plan checked it"
    asked: dict[str, Expr] = {"learning_rate": _rate(settings, info)}
    if settings.weight_decay is not None:
        asked["weight_decay"] = literal(settings.weight_decay)
    asked |= {name: literal(value) for name, value in arguments(spec.params, settings.optimizer_params).items()}
    gradients, averaging = settings.gradients, settings.averaging
    if gradients.clip != "off":
        asked[_CLIPS[gradients.clip]] = literal(gradients.clip_at)
    if gradients.accumulate > 1:
        asked["gradient_accumulation_steps"] = literal(gradients.accumulate)
    if gradients.loss_scale is not None:
        asked["loss_scale_factor"] = literal(gradients.loss_scale)
    if averaging.enabled:
        asked |= {"use_ema": "True", "ema_momentum": literal(averaging.momentum)}
        if averaging.every is not None:
            asked["ema_overwrite_frequency"] = literal(averaging.every)
    return call(f"keras.optimizers.{spec.class_name}", **asked)


def _rate(settings: TrainingSettings, info: DatasetInfo) -> Expr:
    rate: Expr = literal(settings.learning_rate)
    steps = max(1, math.ceil(info.train_samples / settings.batch_size))
    then: Expr | None = None
    spec = schedule_spec(settings.schedule.name)
    if spec is not None and spec.name != CONSTANT:
        values = {name: literal(value) for name, value in schedule_arguments(settings, steps).items()}
        first = {} if "values" in values else {"initial_learning_rate": rate}
        then = call(f"keras.optimizers.schedules.{spec.class_name}", **first, **values)
    warmup = warmup_steps(settings, steps)
    if warmup:
        then = call("WarmUp", rate, literal(warmup), *([then] if then is not None else []))
    return rate if then is None else stages.scaled(then, settings, steps)


def _class_weights(settings: TrainingSettings, info: DatasetInfo) -> str:
    if info.task != "classification" or settings.class_weights == "equal":
        return ""
    if settings.class_weights == "balanced":
        return (
            "numbers, counts = np.unique(y_train, return_counts=True)\n"
            "class_weight = dict(zip(numbers, len(y_train) / (len(counts) * counts)))"
        )
    weights = {place: settings.class_weight.get(name, 1.0) for place, name in enumerate(info.classes)}
    items = tuple(Argument(f"{place}: ", literal(weight)) for place, weight in weights.items())
    return statement("class_weight = ", Several("{", items, "}"))


def _callbacks(settings: TrainingSettings, ends: list[End]) -> list[Expr]:
    found = stages.callback(settings)
    if settings.averaging.enabled:
        found.append(call("keras.callbacks.SwapEMAWeights", swap_on_epoch="True"))
    early, plateau = settings.early_stopping, settings.reduce_on_plateau
    if early.enabled:
        asked: dict[str, Expr] = {"patience": literal(early.patience)}
        if early.min_delta:
            asked["min_delta"] = literal(early.min_delta)
        if early.start_from_epoch:
            asked["start_from_epoch"] = literal(early.start_from_epoch)
        found.append(call("keras.callbacks.EarlyStopping", *_watching(early.monitor, ends, asked), **asked))
    if plateau.enabled and _is_settable(settings):
        changed = {
            name: literal(value)
            for name, value in plateau.model_dump(exclude={"enabled", "monitor"}).items()
            if value != _PLATEAU[name]
        }
        found.append(call("keras.callbacks.ReduceLROnPlateau", *_watching(plateau.monitor, ends, changed), **changed))
    best: dict[str, Expr] = {"save_best_only": "True", "save_weights_only": "True"}
    monitor = settings.checkpoints.monitor
    if _told(monitor, ends) not in (None, ("val_loss", False)):
        best["monitor"] = _watching(monitor, ends, best)[0]
    found.append(call("keras.callbacks.ModelCheckpoint", literal("best.weights.h5"), **best))
    if settings.terminate_on_nan:
        found.append(call("keras.callbacks.TerminateOnNaN"))
    return found


def _told(monitor: str, ends: list[End]) -> tuple[str, bool] | None:
    """The figure that a monitor means in the script, and whether more is better; None where Keras names it otherwise.

    A script validates always.
    """
    if monitor == AUTO:
        return "val_loss", False
    name = monitor.removeprefix("val_")
    known = {metric.name: metric.higher_is_better for metric in ends[0].metrics} | {"loss": False}
    return (monitor, known[name]) if len(ends) == 1 and name in known else None


def _watching(monitor: str, ends: list[End], asked: dict[str, Expr]) -> list[Expr]:
    """The figure that a callback watches; which way is better is put among its other arguments where it is not down."""
    name, higher = _told(monitor, ends) or ("val_loss", False)
    if higher:
        asked["mode"] = literal("max")
    return [literal(name)]


def _is_settable(settings: TrainingSettings) -> bool:
    return settings.schedule.name == CONSTANT and not settings.schedule.warmup_epochs


def unlike(settings: TrainingSettings, ends: list[End], info: DatasetInfo) -> list[str]:
    """What a run with this plan does and the script does not, each in one sentence."""
    found = []
    parts = (settings.checkpoints, settings.early_stopping, settings.reduce_on_plateau)
    lost = dict.fromkeys(part.monitor for part in parts if _told(part.monitor, ends) is None)
    if lost:
        found.append(f"Epochs are judged by the validation loss, not by {', '.join(lost)}.")
    if settings.deterministic:
        found.append("The run takes deterministic operations only; here TensorFlow takes whichever is fastest.")
    if settings.reduce_on_plateau.enabled and not _is_settable(settings):
        found.append("Lowering the learning rate on a plateau is left out: Keras allows it beside no schedule.")
    if len(ends) > 1 and settings.class_weights != "equal":
        found.append("Class weights are left out: Keras takes them for a single output only.")
    elif info.weight and info.task == "classification" and settings.class_weights != "equal":
        found.append("Class weights count in the training's metrics too, as Keras has it, not in its loss alone.")
    names = dict.fromkeys(metric.title for end in ends for metric in end.left_out)
    if names:
        found.append(f"Not measured, for it takes other targets than the loss: {', '.join(names)}.")
    return found
