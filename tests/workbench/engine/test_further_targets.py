"""Outputs that learn a target each, against Keras's own `fit` with a dict of losses, weights and targets."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from workbench.core.control import RunControl
from workbench.core.events import EpochEnded, Predictions, Statistics
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec, FurtherTarget, ValueTarget
from workbench.engine.build import build_model
from workbench.engine.check import check
from workbench.engine.checkpoint.keeper import data_hash
from workbench.engine.feed import epoch_order
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import store

SAMPLES, BATCH, EPOCHS, SEED = 200, 16, 3, 5
CLASS_WEIGHT = {"0": 0.25, "1": 1.0, "2": 3.0}


def data(folder: Path, *, weighed: bool = False, **choices: Any) -> Dataset:
    """Five numbers a sample, three classes and a value that follow from them, and a weight that doesn't."""
    random = np.random.default_rng(0)
    x = random.normal(size=(SAMPLES, 5)).astype(np.float32)
    kinds = (x[:, :3] + random.normal(size=(SAMPLES, 3))).argmax(axis=1)
    size = (x @ np.arange(5.0) + random.normal(size=SAMPLES) + 40).astype(np.float32)
    path = folder / "two.npz"
    np.savez(path, x=x, y=kinds, size=size, w=random.exponential(size=SAMPLES) * (random.random(SAMPLES) > 0.2))
    given = {"further": (FurtherTarget(name="size"),), "weight_column": "w" if weighed else None, **choices}
    return open_dataset(DatasetSpec(source="npz", location=str(path), **given))


def network(bench: Any, kinds: int = 3, activation: str = "softmax") -> Graph:
    """Two heads on one hidden layer; the Output of the main target is drawn last, and comes last in the alphabet."""
    graph = bench.stack(("Dense", {"units": 8, "activation": "relu"}), ("Dense", {"units": 1}))
    hidden = next(node.id for node in graph.nodes if node.params.get("units") == 8)
    graph = edits.rename(graph, graph.outputs[0].id, "a size")
    graph, dense = edits.add(graph, "Dense", {"units": kinds, "activation": activation})
    graph, output = edits.add(graph, "Output", name="z kind")
    graph = edits.connect(edits.connect(graph, hidden, dense), dense, output)
    assert [node.name for node in graph.outputs] == ["a size", "z kind"]
    return graph


PLAN: dict[str, Any] = {
    "epochs": EPOCHS,
    "batch_size": BATCH,
    "seed": SEED,
    "learning_rate": 0.01,
    "early_stopping": {"enabled": False},
    "outputs": {"a size": {"target": "size", "weight": 0.3, "metrics": ("mean_squared_error",)}, "z kind": {}},
}


def keras_own(
    model: keras.Model, dataset: Dataset, losses: dict[str, str], class_weight: list[float] | None
) -> list[dict[str, float]]:
    """The curve of Keras's own `fit` on the same batches."""
    named = dict(zip(("a_size", "z_kind"), model.outputs, strict=True))
    model = keras.Model(model.inputs[0], named)
    figures = {"a_size": ["mean_squared_error"], "z_kind": ["accuracy"]}
    train, validation = dataset.part("train"), dataset.part("validation")
    measured = {"weighted_metrics" if train.weight is not None else "metrics": figures}
    model.compile(keras.optimizers.Adam(0.01), losses, loss_weights={"a_size": 0.3, "z_kind": 1.0}, **measured)

    def targets(part: Any, rows: Any = slice(None)) -> dict[str, Any]:
        kinds = part.y[rows] if losses["z_kind"].startswith("sparse") else np.eye(3, dtype=np.float32)[part.y[rows]]
        return {"a_size": part.further[0][rows].reshape(-1, 1), "z_kind": kinds}

    def weights(part: Any, rows: Any = slice(None), counted: list[float] | None = None) -> dict[str, Any]:
        own = np.ones(len(part), np.float32) if part.weight is None else part.weight
        kinds = own if counted is None else own * np.array(counted, np.float32)[part.y]
        return {"a_size": own[rows], "z_kind": kinds[rows]}

    curve = []
    for epoch in range(EPOCHS):
        order = epoch_order(len(train), SEED, epoch)
        history = model.fit(
            train.x[order],
            targets(train, order),
            sample_weight=weights(train, order, class_weight),
            batch_size=BATCH,
            shuffle=False,
            validation_data=(validation.x, targets(validation), weights(validation)),
            validation_batch_size=1024,
            verbose=0,
        )
        curve.append({name: values[0] for name, values in history.history.items()})
    return curve


@pytest.mark.parametrize(
    ("loss", "class_weight", "weighed"),
    [
        ("sparse_categorical_crossentropy", None, False),
        ("categorical_crossentropy", CLASS_WEIGHT, False),
        ("sparse_categorical_crossentropy", CLASS_WEIGHT, True),
    ],
)
def test_that_two_outputs_of_two_targets_train_as_in_keras_s_own_fit(
    bench: Any, loss: str, class_weight: dict[str, float] | None, weighed: bool
) -> None:
    dataset, graph = data(bench.folder, weighed=weighed), network(bench)
    reference = build_model(graph, dataset.info, SEED)
    losses = {"a_size": "mean_squared_error", "z_kind": loss}
    wanted = keras_own(reference, dataset, losses, None if class_weight is None else list(class_weight.values()))
    chosen = {} if class_weight is None else {"class_weights": "custom", "class_weight": class_weight}
    ended, told = bench.train(graph, dataset, **{**PLAN, **chosen, "loss": loss})
    assert ended.outcome == "done", ended
    target = dataset.preparation.further[0]
    assert isinstance(target, ValueTarget)
    for ours, theirs in zip((event.metrics for event in told.epochs), wanted, strict=True):
        assert set(ours) == set(theirs)
        for name in set(theirs) - ({"z_kind_accuracy"} if class_weight else set()):
            # Errors of values are told in their own unit, and learnt in units of their spread.
            scale = target.std**2 if name.endswith("squared_error") else 1.0
            assert ours[name] == pytest.approx(scale * theirs[name], rel=1e-4), name


def test_that_the_kept_model_answers_every_target_the_main_one_first(bench: Any) -> None:
    dataset = data(bench.folder)
    ended, told = bench.train(network(bench), dataset, **{**PLAN, "watch": {"samples": 3, "statistics": True}})
    model = bench.best(ended)
    assert [tensor.shape[1:] for tensor in model.outputs] == [(3,), (1,)]
    record = store.load_record(bench.folder, ended.run)
    assert record.preparation == dataset.preparation
    assert [target.name for target in record.preparation.targets] == ["", "size"]
    shown = [event for event in told if isinstance(event, Predictions)]
    assert {row["answer"] for row in shown[-1].rows} <= set("012")
    assert [event for event in told if isinstance(event, Statistics)]
    assert list(told.epochs[0].metrics)[:4] == ["loss", "z_kind_accuracy", "z_kind_loss", "a_size_mean_squared_error"]


@pytest.mark.parametrize(
    ("monitor", "figure"),
    [("val_accuracy", "val_z_kind_accuracy"), ("val_a_size_mean_squared_error", "val_a_size_mean_squared_error")],
)
def test_that_the_best_epoch_is_told_by_a_figure_of_an_output(bench: Any, monitor: str, figure: str) -> None:
    ended, told = bench.train(network(bench), data(bench.folder), **{**PLAN, "checkpoints": {"monitor": monitor}})
    held = [event.metrics[figure] for event in told.epochs]
    best = held.index(max(held) if "accuracy" in figure else min(held))
    assert ended.best_epoch == best + 1


def test_that_a_run_of_two_targets_goes_on_to_the_very_same_end(bench: Any) -> None:
    from workbench.engine.trainer import train

    dataset, graph = data(bench.folder, weighed=True), network(bench)
    whole, told = bench.train(graph, dataset, **PLAN)
    control = RunControl()

    def finish(event: Any) -> None:
        if isinstance(event, EpochEnded):
            control.finish()

    ended, first = bench.train(graph, dataset, told=bench.Told(finish), cancel=control, **PLAN)
    assert len(first.epochs) == 1
    rest = bench.Told()
    ended = train(bench.folder, store.load_plan(bench.folder, ended.run), rest, RunControl(), dataset, resume=True)
    assert [event.metrics for event in (*first.epochs, *rest.epochs)] == [event.metrics for event in told.epochs]
    for one, other in zip(bench.best(whole).get_weights(), bench.best(ended).get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_that_a_run_does_not_go_on_with_other_further_answers(bench: Any) -> None:
    dataset = data(bench.folder)
    hashed, part = data_hash(dataset), dataset.part("train")
    dataset._parts["train"] = dataclasses.replace(part, further=(part.further[0][::-1],))
    assert data_hash(dataset) != hashed


def test_that_samples_beyond_the_device_are_handed_over_with_all_their_targets(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.engine.feed import Feed

    dataset, graph = data(bench.folder, weighed=True), network(bench)
    _, told = bench.train(graph, dataset, **PLAN)
    monkeypatch.setattr(Feed.__init__, "__defaults__", (0,))
    _, again = bench.train(graph, dataset, **PLAN)
    assert [event.metrics for event in told.epochs] == [event.metrics for event in again.epochs]


def checked(dataset: Dataset, graph: Graph, outputs: dict[str, Any]) -> Any:
    training = TrainingSettings(outputs=outputs)
    return check(Project(graph=graph, dataset=dataset.spec, info=dataset.info, training=training))


def test_that_each_output_is_checked_against_its_own_target(bench: Any) -> None:
    dataset, graph = data(bench.folder), network(bench, 4)
    report = checked(dataset, graph, PLAN["outputs"])
    assert [problem.message for problem in report.problems] == [
        "The data ask for 3 classes (y), but this last layer puts out 4 numbers."
    ]
    assert checked(dataset, network(bench), PLAN["outputs"]).ok
    turned = checked(dataset, network(bench), {"z kind": {"target": "size"}})
    assert {problem.message for problem in turned.problems} == {
        "The data ask for one value (size), but this last layer puts out 3 numbers.",
        "Values of any size are asked for, but softmax lets through only probabilities.",
        "The data ask for 3 classes (y), but this last layer puts out 1 number.",
        "The loss 'Cross-entropy' expects probabilities that add up to 1, but the last activation is linear.",
    }


def test_that_a_target_that_no_output_learns_is_told(bench: Any) -> None:
    report = checked(data(bench.folder), bench.stack(("Dense", {"units": 3, "activation": "softmax"})), {})
    assert [problem.message for problem in report.problems] == ["No output learns 'size'."]
    report = checked(data(bench.folder), network(bench), {"a size": {"target": "length"}})
    assert report.problems[0].message == "An output must learn one of the targets. It is length."
    assert report.problems[0].node is not None


def test_that_the_trial_of_a_plan_judges_the_main_output(bench: Any) -> None:
    from workbench.engine.trying.preflight import preflight

    dataset, graph = data(bench.folder), network(bench)
    training = TrainingSettings(**{**PLAN, "batch_size": 32})
    found = preflight(Project(graph=graph, dataset=dataset.spec, info=dataset.info, training=training), dataset)
    items = {item.name: item for item in found.items}
    assert "theory says 1.1" in items["start_loss"].message, items["start_loss"]
    assert {items[name].state for name in ("one_batch", "start_loss", "output", "inputs", "leakage")} == {"passed"}


def test_that_a_plan_from_before_there_were_further_choices_is_still_the_same_plan(bench: Any) -> None:
    import hashlib
    import json

    from workbench.engine.checkpoint.keeper import plan_hash

    dataset = bench.builtin("digits")
    training = TrainingSettings.model_validate({"outputs": {"side": {"weight": 0.5}}})
    project = Project(graph=bench.classifier(), dataset=dataset.spec, info=dataset.info, training=training)
    plan = store.new_run(bench.folder, project)
    body = project.model_dump(mode="json", exclude={"name"})
    del body["dataset"]["further"], body["info"]["further"], body["info"]["further_choices"]
    del body["training"]["outputs"]["side"]["target"]
    del body["training"]["early_stopping"]["monitor"], body["training"]["reduce_on_plateau"]["monitor"]
    assert plan_hash(plan) == hashlib.blake2b(json.dumps(body, sort_keys=True).encode(), digest_size=16).hexdigest()


def test_that_the_doctor_of_two_targets_looks_at_the_main_one_and_accuses_nothing(bench: Any) -> None:
    from workbench.core.events import Finding

    random = np.random.default_rng(1)
    x = random.normal(size=(1200, 5)).astype(np.float32)
    size = 500 + 90 * (x @ np.arange(5.0)).astype(np.float32)
    path = bench.folder / "healthy.npz"
    np.savez(path, x=x, y=(x[:, 0] > 0) + 2 * (x[:, 1] > 0), size=size)
    dataset = open_dataset(DatasetSpec(source="npz", location=str(path), further=(FurtherTarget(name="size"),)))
    graph = network(bench, 4)
    plan = {**PLAN, "epochs": 25, "batch_size": 32, "watch": {"doctor": True}}
    ended, told = bench.train(graph, dataset, **plan)
    assert ended.outcome == "done", ended
    assert told.epochs[-1].metrics["val_z_kind_accuracy"] > 0.9
    assert [event.message for event in told if isinstance(event, Finding) and event.severity != "info"] == []
