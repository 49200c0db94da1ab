"""A run is held, changed and followed while it goes on; its phases, averages and log files."""

from __future__ import annotations

import csv
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.core import files
from workbench.core.control import RunControl
from workbench.core.events import BatchEnded, Changed, Event, Notice, Paused, RunStarted
from workbench.engine import course, logs
from workbench.runs import store


@pytest.mark.usefixtures("every_batch")
def test_that_a_run_is_held_between_batches_and_goes_on_to_the_same_end(bench: Any) -> None:
    control, held = RunControl(), []

    def at(event: Event) -> None:
        if isinstance(event, BatchEnded) and (event.epoch, event.step) == (2, 10) and not held:
            held.append(time.monotonic())
            control.pause()
        if isinstance(event, Paused) and event.paused:
            timer = threading.Timer(0.3, control.resume)
            timer.start()
            held.append(timer)

    told = bench.Told(at)
    plan = {"epochs": 3, "batch_size": 32}
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), told=told, cancel=control, **plan)
    held[1].join()
    assert [(event.epoch, event.paused) for event in told if isinstance(event, Paused)] == [(2, True), (2, False)]
    straight, other = bench.train(bench.classifier(), bench.builtin("digits"), **plan)
    assert ended.metrics == straight.metrics
    assert [event.metrics for event in told.epochs] == [event.metrics for event in other.epochs]


def test_that_a_held_run_can_be_stopped(bench: Any) -> None:
    control = RunControl()
    told = bench.Told(lambda event: _pause_then_stop(event, control))
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), told=told, cancel=control, epochs=3)
    assert ended.outcome == "stopped"


def _pause_then_stop(event: Event, control: RunControl) -> None:
    if isinstance(event, BatchEnded):
        control.pause()
    if isinstance(event, Paused) and event.paused:
        control.stop()


def test_that_a_plateau_lowers_the_rate_of_a_schedule_too_and_says_so(bench: Any) -> None:
    plateau = {"enabled": True, "patience": 1, "factor": 0.5, "min_delta": 100.0}
    schedule = {"name": "exponential_decay", "params": {"decay_rate": 0.5}}
    _, told = bench.train(
        bench.classifier(), bench.builtin("digits"), epochs=4, reduce_on_plateau=plateau, schedule=schedule
    )
    changes = [event for event in told if isinstance(event, Changed)]
    assert [(change.epoch, change.step) for change in changes[:2]] == [(3, 1), (4, 1)]
    for change in changes:
        assert change.after == pytest.approx(change.before / 2)
        assert change.reason == "No better validation loss for an epoch."
    rates = [event.learning_rate for event in told.epochs]
    assert rates[2] < 0.5 * rates[1]


def test_that_frozen_layers_do_not_move_until_their_phase_ends(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = bench.stack(("Flatten", {}), ("Dense", {"units": 8}), ("Dense", {"units": 10, "activation": "softmax"}))
    name = next(node.name for node in graph.nodes if node.layer == "Dense")
    kernels: dict[int, np.ndarray] = {}

    original = course.watchers

    def watch(watched: Any) -> Any:
        import keras

        class Kernels(keras.callbacks.Callback):
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                kernels[epoch] = np.array(watched.core.layers[2].kernel)

        return [*original(watched), Kernels()]

    monkeypatch.setattr(course, "watchers", watch)
    phases = [{"epochs": 2, "frozen": [name]}, {"epochs": 1, "learning_rate": 0.0001}]
    ended, told = bench.train(graph, bench.builtin("digits"), phases=phases)
    assert ended.message == "Trained 3 epochs."
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[1], kernels[2])
    assert [event.learning_rate for event in told.epochs] == pytest.approx([0.001, 0.001, 0.0001])


def test_that_a_phase_must_leave_something_to_learn_and_name_real_layers(bench: Any) -> None:
    graph = bench.stack(("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))
    dense = next(node.name for node in graph.nodes if node.layer == "Dense")
    ended, _ = bench.train(graph, bench.builtin("digits"), phases=[{"frozen": [dense]}])
    assert ended.message.startswith("Something must be left to learn in every phase.")
    ended, _ = bench.train(graph, bench.builtin("digits"), phases=[{"frozen": ["nobody"]}])
    assert ended.message == "A phase freezes layers of the network. Received: nobody."


def test_that_the_kept_model_is_the_average_of_the_weights(bench: Any) -> None:
    """A momentum of nearly one keeps the first weights for a long time: what is kept has hardly moved."""
    from workbench.engine.build import build_model

    digits = bench.builtin("digits")
    averaging = {"enabled": True, "momentum": 0.9999}
    ended, _ = bench.train(bench.classifier(), digits, epochs=1, averaging=averaging, learning_rate=0.01)
    plain, _ = bench.train(bench.classifier(), digits, epochs=1, learning_rate=0.01)
    first = build_model(bench.classifier(), digits.info, 0).get_weights()[0]
    moved = [np.abs(bench.best(run).get_weights()[0] - first).mean() for run in (ended, plain)]
    assert moved[0] < moved[1] / 3


def test_that_the_best_epoch_can_be_told_by_another_figure(bench: Any) -> None:
    ended, told = bench.train(
        bench.classifier(), bench.builtin("digits"), epochs=5, checkpoints={"monitor": "val_accuracy"}
    )
    started = next(event for event in told if isinstance(event, RunStarted))
    assert (started.best_by, started.higher_is_better) == ("val_accuracy", True)
    accuracies = [event.metrics["val_accuracy"] for event in told.epochs]
    assert ended.best_epoch == 1 + int(np.argmax(accuracies))
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), checkpoints={"monitor": "luck"})
    assert ended.message.startswith("Epochs are judged by a figure that the run measures. Received: luck")


def test_that_a_run_ends_and_slows_down_by_the_figure_that_was_chosen(bench: Any) -> None:
    """An accuracy of one from the first epochs on: it cannot improve, the loss can."""
    easy = np.repeat(np.eye(2, 5, dtype=np.float32) * 4, 60, axis=0)
    data = bench.arrays(easy, np.repeat([0, 1], 60), task="classification")
    graph = bench.stack(("Dense", {"units": 2, "activation": "softmax"}))
    plan = {"epochs": 30, "batch_size": 8, "learning_rate": 0.02, "metrics": ("accuracy",)}
    chosen = {"monitor": "val_accuracy", "patience": 3}
    by_loss, told = bench.train(graph, data, **plan, early_stopping={"patience": 3})
    assert (by_loss.message, told.epochs[5].metrics["val_accuracy"]) == ("Trained 30 epochs.", 1.0)
    lowered = {"reduce_on_plateau": {"enabled": True, "patience": 2, "monitor": "accuracy"}}
    by_accuracy, told = bench.train(graph, data, **plan, early_stopping=chosen, **lowered)
    assert by_accuracy.message.endswith("no better validation accuracy for 3 epochs.")
    assert len(told.epochs) < 15
    reasons = [event.reason for event in told if isinstance(event, Changed)]
    assert set(reasons) == {"No better accuracy for 2 epochs."}


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_that_mixed_precision_leaves_a_model_of_32_bits(precision: str, bench: Any) -> None:
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2, precision=precision)
    assert ended.outcome == "done"
    model = bench.best(ended)
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}


def test_that_each_epoch_is_a_row_of_the_table_and_an_event_for_tensorboard(bench: Any) -> None:
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=3)
    folder = store.run_folder(bench.folder, ended.run)
    with (folder / logs.CSV_FILE).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert [float(row["val_loss"]) for row in rows] == [event.metrics["val_loss"] for event in told.epochs]
    assert float(rows[0]["learning_rate"]) == pytest.approx(0.001)
    assert float(rows[0]["gradient_norm"]) > 0
    train, validation = (scalars(folder / logs.TENSORBOARD / part) for part in ("train", "validation"))
    assert set(train) == {"epoch_loss", "epoch_accuracy", "epoch_learning_rate"}
    assert set(validation) == {"epoch_loss", "epoch_accuracy"}
    assert validation["epoch_loss"] == [
        (event.epoch - 1, pytest.approx(event.metrics["val_loss"])) for event in told.epochs
    ]


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """What TensorBoard reads from event files: values by tag and step."""
    import tensorflow as tf
    from tensorflow.core.util import event_pb2

    found: dict[str, list[tuple[int, float]]] = {}
    for path in sorted(folder.iterdir()):
        for record in tf.data.TFRecordDataset(str(path)):
            event = event_pb2.Event.FromString(record.numpy())
            for value in event.summary.value:
                assert value.metadata.plugin_data.plugin_name == "scalars"
                found.setdefault(value.tag, []).append((event.step, float(tf.make_ndarray(value.tensor))))
    return found


def test_that_log_files_that_are_not_wanted_are_not_written(bench: Any) -> None:
    ended, _ = bench.train(
        bench.classifier(), bench.builtin("digits"), epochs=1, logs={"csv": False, "tensorboard": False}
    )
    names = {path.name for path in store.run_folder(bench.folder, ended.run).iterdir()}
    assert not names & {logs.CSV_FILE, logs.TENSORBOARD}


def test_that_a_table_that_the_disk_refused_is_whole_in_the_end(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = files.append_line

    def refused(path: Path, line: str) -> None:
        if path.name == logs.CSV_FILE and line.startswith(("2,", "4,")):
            raise files.write_failed(path, OSError(28, "No space left on device"))
        real(path, line)

    monkeypatch.setattr(files, "append_line", refused)
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=4)
    assert ended.outcome == "done"
    with (store.run_folder(bench.folder, ended.run) / logs.CSV_FILE).open(newline="") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2", "3", "4"]
    warned = [event.message for event in told if isinstance(event, Notice) and event.level == "warning"]
    assert warned == ["The disk refused epochs.csv; it is tried again."]


def test_that_a_run_may_go_on_with_a_loss_that_is_no_number(bench: Any) -> None:
    ended, _ = bench.train(
        bench.regressor(),
        bench.builtin("diabetes"),
        optimizer="sgd",
        learning_rate=100.0,
        epochs=3,
        terminate_on_nan=False,
    )
    assert ended.outcome == "done"
