"""Everything a plan can train with, against real Keras: every optimizer, loss and metric, and what it is told to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.utils.class_weight import compute_class_weight

from workbench.catalog.losses import LossSpec, losses_for, metrics_for, resolve_loss
from workbench.catalog.objects import objects
from workbench.catalog.schedules import schedules
from workbench.core.errors import TrainingError, UsageError
from workbench.data.spec import ArrayPreparation, ClassTarget, DatasetInfo, Preparation, ValueTarget
from workbench.engine.compile import make_optimizer, trainable_twin
from workbench.engine.loop import averaged
from workbench.project.outputs import ends_of
from workbench.project.training import Averaging, Gradients, OutputSettings, Schedule, TrainingSettings
from workbench.project.weights import class_weights

FEATURES, SAMPLES = 5, 24


def info_of(classes: int) -> DatasetInfo:
    return DatasetInfo(
        title="made up",
        kind="array",
        task="classification" if classes else "regression",
        input_shape=(FEATURES,),
        classes=tuple("abcdefgh"[:classes]),
        samples=SAMPLES,
        train_samples=SAMPLES,
        validation_samples=0,
        test_samples=0,
    )


def preparation_of(classes: int) -> Preparation:
    target: Any = ValueTarget(name="y", mean=50.0, std=4.0)
    if classes:
        target = ClassTarget(classes=info_of(classes).classes)
    return Preparation(input=ArrayPreparation(shape=(FEATURES,)), target=target)


def network(loss: LossSpec, ends: int = 1) -> keras.Model:
    inputs = keras.Input((FEATURES,))
    hidden = keras.layers.Dense(8, activation="relu", name="hidden")(inputs)
    outputs = [
        keras.layers.Dense(loss.outputs, activation=loss.activation, name=f"end_{place}")(hidden)
        for place in range(ends)
    ]
    return keras.Model(inputs, outputs if ends > 1 else outputs[0])


def data(classes: int, loss: LossSpec, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Samples, targets as a feed hands them out, and class numbers."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(SAMPLES, FEATURES)).astype("float32")
    if not classes:
        y = random.normal(size=(SAMPLES, 1)).astype("float32")
        return x, y, y
    numbers = np.arange(SAMPLES) % classes
    if loss.one_hot:
        return x, np.eye(classes, dtype="float32")[numbers], numbers
    return x, numbers.astype("float32").reshape(-1, 1) if loss.outputs == 1 else numbers.astype("int32"), numbers


def made(
    settings: TrainingSettings, classes: int, labels: np.ndarray | None = None, outputs: Sequence[str] = ("output",)
) -> tuple[keras.Model, LossSpec]:
    keras.utils.set_random_seed(1)
    info = info_of(classes)
    loss = resolve_loss(settings.loss, info)
    core, ends = network(loss, len(outputs)), ends_of(settings, info, outputs)
    return trainable_twin(core, settings, info, preparation_of(classes), ends, 3, labels), loss


def figures(logs: Mapping[str, Any]) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in logs.items()}


@pytest.mark.parametrize("name", [spec.name for spec in objects("optimizers")])
def test_that_every_optimizer_trains_and_its_state_is_saved_and_restored(name: str, tmp_path: Path) -> None:
    settings = TrainingSettings(optimizer=name, schedule=Schedule(name="cosine_decay", warmup_epochs=1))
    twin, loss = made(settings, 3)
    x, y, _ = data(3, loss)
    before = twin.get_weights()
    for _ in range(3):
        twin.train_step((tf.constant(x), tf.constant(y)))
    assert any(np.any(old != new) for old, new in zip(before, twin.get_weights(), strict=True))
    other, _ = made(settings, 3)
    other.optimizer.build(other.trainable_variables)
    stored: dict[str, Any] = {}
    twin.optimizer.save_own_variables(stored)
    other.optimizer.load_own_variables(stored)
    for kept, restored in zip(twin.optimizer.variables, other.optimizer.variables, strict=True):
        np.testing.assert_array_equal(kept.numpy(), restored.numpy())
    config = keras.saving.serialize_keras_object(twin.optimizer)
    assert keras.saving.deserialize_keras_object(config).get_config() == twin.optimizer.get_config()


@pytest.mark.parametrize("name", [spec.name for spec in objects("optimizers")])
def test_that_the_catalogue_knows_how_much_an_optimizer_remembers(name: str) -> None:
    from workbench.engine.memory import fixed_bytes

    optimizer = make_optimizer(TrainingSettings(optimizer=name), 1)
    own = len(optimizer.variables)
    optimizer.build([keras.Variable(np.zeros((200, 100), "float32"))])
    held = sum(variable.numpy().nbytes for variable in optimizer.variables[own:])
    told = fixed_bytes(0, 20_000, TrainingSettings(optimizer=name)) - 20_000 * 4
    assert told == pytest.approx(held, rel=0.05, abs=100)


@pytest.mark.parametrize("name", [spec.name for spec in schedules()])
def test_that_a_step_is_trained_with_every_schedule(name: str) -> None:
    twin, loss = made(TrainingSettings(schedule=Schedule(name=name)), 3)
    x, y, _ = data(3, loss)
    assert np.isfinite(figures(twin.train_step((tf.constant(x), tf.constant(y))))["loss"])


def task(classes: int) -> Any:
    return "classification" if classes else "regression"


CASES = [(classes, loss.name) for classes in (0, 2, 8) for loss in losses_for(task(classes), classes)]


@pytest.mark.parametrize(("classes", "loss"), CASES)
def test_that_every_loss_trains_and_every_metric_measures_what_fits_it(classes: int, loss: str) -> None:
    info = info_of(classes)
    spec = resolve_loss(loss, info)
    first = next(one for one in losses_for(info.task, classes) if one.answers == spec.answers)
    # Which metrics there are follows from the form of the targets: once for each is enough.
    names = tuple(metric.name for metric in metrics_for(info.task, classes, spec)[: None if spec == first else 1])
    twin, _ = made(TrainingSettings(loss=loss, metrics=names), classes)
    x, y, _ = data(classes, spec)
    before = twin.get_weights()
    twin.train_step((tf.constant(x), tf.constant(y)))
    logs = figures(twin.train_step((tf.constant(x), tf.constant(y))))
    assert set(logs) == {"loss", *names}
    assert all(np.all(np.isfinite(value)) for value in logs.values()), logs
    assert any(np.any(old != new) for old, new in zip(before, twin.get_weights(), strict=True))


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy"])
def test_that_a_metric_is_the_same_whatever_form_the_targets_have(loss: str) -> None:
    twin, spec = made(TrainingSettings(loss=loss, metrics=("f1_score", "mean_iou", "auc", "accuracy")), 3)
    x, y, numbers = data(3, spec)
    twin.test_step((tf.constant(x), tf.constant(y)))
    logs = figures(twin.get_metrics_result())
    answers = twin(x).numpy()
    whole = keras.metrics.F1Score(average="macro")
    whole.update_state(np.eye(3, dtype="float32")[numbers], answers)
    assert float(logs["f1_score"]) == pytest.approx(float(whole.result()))
    assert float(logs["accuracy"]) == pytest.approx(np.mean(answers.argmax(1) == numbers))


def test_that_a_loss_in_the_targets_own_unit_undoes_the_standardising() -> None:
    twin, loss = made(TrainingSettings(loss="mean_absolute_percentage_error"), 0)
    x, y, _ = data(0, loss)
    logs = figures(twin.test_step((tf.constant(x), tf.constant(y))))
    truth, told = y * 4 + 50, twin(x).numpy() * 4 + 50
    assert float(logs["loss"]) == pytest.approx(np.mean(np.abs(truth - told) / truth) * 100, rel=1e-4)


def test_that_label_smoothing_reaches_the_loss_and_a_foreign_setting_is_refused() -> None:
    settings = TrainingSettings(loss="categorical_crossentropy", loss_params={"label_smoothing": 0.2})
    twin, loss = made(settings, 3)
    x, y, _ = data(3, loss)
    logs = figures(twin.test_step((tf.constant(x), tf.constant(y))))
    wanted = keras.losses.CategoricalCrossentropy(label_smoothing=0.2)(y, twin(x))
    assert float(logs["loss"]) == pytest.approx(float(wanted), rel=1e-5)
    with pytest.raises(UsageError, match="has no setting 'delta'"):
        made(TrainingSettings(loss="categorical_crossentropy", loss_params={"delta": 1.0}), 3)


@pytest.mark.parametrize("clip", ["value", "norm", "global_norm"])
def test_that_gradients_are_clipped(clip: Any) -> None:
    optimizer = make_optimizer(
        TrainingSettings(optimizer="sgd", learning_rate=1.0, gradients=Gradients(clip=clip, clip_at=0.5)), 1
    )
    variables = [keras.Variable(np.zeros(3, "float32")), keras.Variable(np.zeros(2, "float32"))]
    optimizer.apply([tf.constant([3.0, -4.0, 0.1]), tf.constant([5.0, 12.0])], variables)
    moved = [-variable.numpy() for variable in variables]
    if clip == "value":
        np.testing.assert_allclose(moved[0], [0.5, -0.5, 0.1], rtol=1e-6)
    elif clip == "norm":
        np.testing.assert_allclose([np.linalg.norm(one) for one in moved], 0.5, rtol=1e-5)
    else:
        assert np.linalg.norm(np.concatenate(moved)) == pytest.approx(0.5, rel=1e-5)


def test_that_accumulated_gradients_make_the_step_of_one_large_batch() -> None:
    plan = {"optimizer": "sgd", "learning_rate": 0.1}
    parts, loss = made(TrainingSettings(**plan, gradients=Gradients(accumulate=4)), 3)
    whole, _ = made(TrainingSettings(**plan), 3)
    x, y, _ = data(3, loss)
    whole.train_step((tf.constant(x), tf.constant(y)))
    for start in range(0, SAMPLES, SAMPLES // 4):
        part = slice(start, start + SAMPLES // 4)
        parts.train_step((tf.constant(x[part]), tf.constant(y[part])))
    for one, other in zip(parts.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_that_the_moving_average_is_kept_shown_for_a_while_and_taken_in_the_end() -> None:
    settings = TrainingSettings(optimizer="sgd", learning_rate=0.5, averaging=Averaging(enabled=True, momentum=0.5))
    twin, loss = made(settings, 3)
    x, y, _ = data(3, loss)
    seen = []
    for _ in range(3):
        twin.train_step((tf.constant(x), tf.constant(y)))
        seen.append(twin.get_weights())
    # Keras's average begins with the weights after the first step.
    wanted = [0.5 * (0.5 * a + 0.5 * b) + 0.5 * c for a, b, c in zip(*seen, strict=True)]
    with averaged(twin):
        for one, other in zip(twin.get_weights(), wanted, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)
    for one, other in zip(twin.get_weights(), seen[-1], strict=True):
        np.testing.assert_array_equal(one, other)
    twin.optimizer.finalize_variable_values(twin.trainable_variables)
    for one, other in zip(twin.get_weights(), wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_that_balanced_weights_are_those_of_scikit_learn() -> None:
    labels = np.array([0] * 10 + [1] * 3 + [3] * 7)
    found = class_weights(TrainingSettings(class_weights="balanced"), tuple("abcd"), labels)
    wanted = compute_class_weight("balanced", classes=np.array([0, 1, 3]), y=labels)
    assert found is not None
    np.testing.assert_allclose(found, [wanted[0], wanted[1], 1.0, wanted[2]], rtol=1e-6)
    assert class_weights(TrainingSettings(), tuple("abcd"), labels) is None
    with pytest.raises(UsageError, match="class of the data"):
        class_weights(TrainingSettings(class_weights="custom", class_weight={"z": 2.0}), tuple("abcd"), labels)


@pytest.mark.parametrize(
    ("classes", "loss"),
    [(3, "sparse_categorical_crossentropy"), (3, "categorical_crossentropy"), (2, "binary_crossentropy")],
)
def test_that_class_weights_count_in_training_and_not_in_measuring(classes: int, loss: str) -> None:
    weights = {"a": 3.0, "b": 0.5}
    settings = TrainingSettings(loss=loss, class_weights="custom", class_weight=weights)
    twin, spec = made(settings, classes)
    x, y, numbers = data(classes, spec)
    answers = twin(x).numpy()
    if spec.outputs == 1:
        answers = np.hstack([1 - answers, answers])
    each = -np.log(answers[np.arange(SAMPLES), numbers])
    counted = np.array([3.0, 0.5, 1.0])[numbers]
    measured = figures(twin.test_step((tf.constant(x), tf.constant(y))))["loss"]
    assert float(measured) == pytest.approx(each.mean(), rel=1e-4)
    twin.reset_metrics()
    trained = figures(twin.train_step((tf.constant(x), tf.constant(y))))["loss"]
    assert float(trained) == pytest.approx((each * counted).mean(), rel=1e-4)


def test_that_every_output_has_its_own_loss_weight_and_metrics() -> None:
    settings = TrainingSettings(
        outputs={"side": OutputSettings(loss="kl_divergence", weight=0.3, metrics=("f1_score",))}
    )
    twin, loss = made(settings, 3, outputs=("main", "side"))
    x, y, numbers = data(3, loss)
    given = {"main": tf.constant(y), "side": tf.one_hot(numbers, 3)}
    logs = figures(twin.test_step((tf.constant(x), given)))
    assert set(logs) == {"loss", "main_loss", "side_loss", "main_accuracy", "side_f1_score"}
    main, side = (answers.numpy()[np.arange(SAMPLES), numbers] for answers in twin(x).values())
    assert float(logs["main_loss"]) == pytest.approx(-np.log(main).mean(), rel=1e-4)
    assert float(logs["side_loss"]) == pytest.approx(-np.log(side).mean(), rel=1e-3)
    assert float(logs["loss"]) == pytest.approx(float(logs["main_loss"] + 0.3 * logs["side_loss"]), rel=1e-4)


def test_that_an_output_must_put_out_what_its_own_loss_compares() -> None:
    settings = TrainingSettings(outputs={"side": OutputSettings(loss="binary_crossentropy")})
    with pytest.raises(TrainingError, match="must put out 1 number"):
        made(settings, 2, outputs=("main", "side"))


def test_that_a_dynamic_loss_scale_comes_with_float16_unless_one_is_given() -> None:
    found = make_optimizer(TrainingSettings(precision="mixed_float16"), 1)
    assert isinstance(found, keras.optimizers.LossScaleOptimizer)
    fixed = make_optimizer(TrainingSettings(precision="mixed_float16", gradients=Gradients(loss_scale=512)), 1)
    assert fixed.loss_scale_factor == 512
