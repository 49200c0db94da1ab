"""Samples that count differently, against Keras's own `fit(sample_weight=...)`."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec, ValueTarget
from workbench.engine.build import build_model
from workbench.engine.checkpoint.keeper import data_hash
from workbench.engine.feed import epoch_order

SAMPLES, BATCH, EPOCHS, SEED = 200, 16, 3, 5
CLASS_WEIGHT = {"0": 0.25, "1": 1.0, "2": 3.0}


def weighed(bench: Any, answers: str, **choices: Any) -> Dataset:
    """Five numbers a sample, an answer that follows from them, and a weight that doesn't."""
    random = np.random.default_rng(0)
    x = random.normal(size=(SAMPLES, 5)).astype(np.float32)
    if answers == "value":
        y = (x @ np.arange(5.0) + random.normal(size=SAMPLES)).astype(np.float32)
    else:
        y = (x[:, :3] + random.normal(size=(SAMPLES, 3))).argmax(axis=1) % (2 if answers == "two" else 3)
    path = bench.folder / "weighed.npz"
    np.savez(path, x=x, y=y, w=random.exponential(size=SAMPLES) * (random.random(SAMPLES) > 0.2))
    return open_dataset(DatasetSpec(source="npz", location=str(path), weight_column="w", **choices))


def network(bench: Any, outputs: int, activation: str | None) -> Any:
    last = {"units": outputs, **({"activation": activation} if activation else {})}
    return bench.stack(("Dense", {"units": 8, "activation": "relu"}), ("Dense", last))


def keras_own(
    model: keras.Model, dataset: Dataset, loss: str, metrics: list[str], class_weight: list[float] | None
) -> list[dict[str, float]]:
    """The curve of Keras's own `fit` on the same batches."""
    model.compile(keras.optimizers.Adam(0.01), loss, weighted_metrics=metrics)
    train, validation = dataset.part("train"), dataset.part("validation")
    assert train.weight is not None
    weights = train.weight if class_weight is None else train.weight * np.array(class_weight, np.float32)[train.y]
    curve = []
    for epoch in range(EPOCHS):
        order = epoch_order(len(train), SEED, epoch)
        history = model.fit(
            train.x[order],
            train.y[order],
            sample_weight=weights[order],
            batch_size=BATCH,
            shuffle=False,
            validation_data=(validation.x, validation.y, validation.weight),
            validation_batch_size=1024,
            verbose=0,
        )
        curve.append({name: values[0] for name, values in history.history.items()})
    return curve


@pytest.mark.parametrize(
    ("answers", "outputs", "activation", "loss", "metrics", "class_weight"),
    [
        ("three", 3, "softmax", "sparse_categorical_crossentropy", ["accuracy"], None),
        ("three", 3, "softmax", "sparse_categorical_crossentropy", ["accuracy"], CLASS_WEIGHT),
        ("two", 1, "sigmoid", "binary_crossentropy", ["accuracy", "auc"], None),
        ("two", 1, "sigmoid", "binary_crossentropy", ["accuracy", "auc"], CLASS_WEIGHT),
        ("value", 1, None, "mean_squared_error", ["mean_squared_error"], None),
    ],
)
def test_that_weights_count_as_in_keras_s_own_fit(
    bench: Any,
    answers: str,
    outputs: int,
    activation: str | None,
    loss: str,
    metrics: list[str],
    class_weight: dict[str, float] | None,
) -> None:
    dataset = weighed(bench, answers, task="regression" if answers == "value" else None)
    graph = network(bench, outputs, activation)
    reference = build_model(graph, dataset.info, SEED)
    counted = None if class_weight is None else {name: class_weight[name] for name in dataset.info.classes}
    wanted = keras_own(reference, dataset, loss, metrics, None if counted is None else list(counted.values()))
    chosen = {} if counted is None else {"class_weights": "custom", "class_weight": counted}
    ended, told = bench.train(
        graph,
        dataset,
        epochs=EPOCHS,
        batch_size=BATCH,
        seed=SEED,
        learning_rate=0.01,
        loss=loss,
        metrics=tuple(metrics),
        early_stopping={"enabled": False},
        **chosen,
    )
    assert ended.outcome == "done", ended
    found = [dict(event.metrics) for event in told.epochs]
    # Errors of values are told in their own unit, and learnt in units of their spread.
    unit = dataset.preparation.target.std**2 if isinstance(dataset.preparation.target, ValueTarget) else 1.0
    for ours, theirs in zip(found, wanted, strict=True):
        compared = set(theirs)
        if counted is not None:
            compared -= set(metrics)  # class weights count in the loss of the training and in no figure
        assert "val_loss" in compared
        for name in compared:
            tolerance = 2e-3 if name.endswith("auc") else 1e-4
            scale = unit if name.endswith("squared_error") else 1.0
            assert ours[name] == pytest.approx(scale * theirs[name], rel=tolerance), name


def test_that_weights_are_seen_by_what_looks_on_and_by_a_checkpoint(bench: Any) -> None:
    dataset = weighed(bench, "three")
    ended, told = bench.train(
        network(bench, 3, "softmax"),
        dataset,
        epochs=2,
        watch={"doctor": True, "statistics": True, "samples": 2},
        loss="sparse_categorical_crossentropy",
    )
    assert ended.outcome == "done", ended
    assert len(told.epochs) == 2
    plain = open_dataset(dataset.spec.model_copy(update={"weight_column": None}))
    assert data_hash(plain) != data_hash(dataset), "a run does not go on with other weights"


def test_that_a_run_on_weighed_samples_goes_on_to_the_very_same_end(bench: Any) -> None:
    from workbench.core.control import RunControl
    from workbench.core.events import EpochEnded
    from workbench.engine.trainer import train
    from workbench.runs import store

    dataset, graph = weighed(bench, "three"), network(bench, 3, "softmax")
    settings = {"epochs": 3, "batch_size": BATCH, "early_stopping": {"enabled": False}}
    whole, told = bench.train(graph, dataset, **settings)
    control = RunControl()

    def finish(event: Any) -> None:
        if isinstance(event, EpochEnded):
            control.finish()

    ended, first = bench.train(graph, dataset, told=bench.Told(finish), cancel=control, **settings)
    assert len(first.epochs) == 1
    rest = bench.Told()
    ended = train(bench.folder, store.load_plan(bench.folder, ended.run), rest, RunControl(), dataset, resume=True)
    assert [event.metrics for event in (*first.epochs, *rest.epochs)] == [event.metrics for event in told.epochs]
    for one, other in zip(bench.best(whole).get_weights(), bench.best(ended).get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_that_a_trial_of_weighed_samples_expects_the_loss_that_they_make(bench: Any) -> None:
    from workbench.core.cancel import CancelToken
    from workbench.engine.trying.preflight import preflight
    from workbench.project.model import Project

    random = np.random.default_rng(0)
    path = bench.folder / "heavy.npz"
    x = random.normal(size=(SAMPLES, 5)).astype(np.float32)
    np.savez(path, x=x, y=x[:, :3].argmax(axis=1), w=np.full(SAMPLES, 8.0))
    dataset = open_dataset(DatasetSpec(source="npz", location=str(path), weight_column="w"))
    project = Project(graph=network(bench, 3, "softmax"), dataset=dataset.spec, info=dataset.info)
    found = preflight(project, dataset, CancelToken())
    start = next(item for item in found.items if item.name == "start_loss")
    assert start.state == "passed", start
