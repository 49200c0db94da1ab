from __future__ import annotations

import copy
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.core import files
from workbench.core.control import RunControl
from workbench.core.events import BatchEnded, EpochEnded, Event, Finding, Notice, RunEnded, RunStarted, Saved
from workbench.data.spec import DataProblem
from workbench.engine import runtime, trainer
from workbench.engine.feed import Feed
from workbench.runs import store


def test_that_stop_ends_within_the_first_epoch_and_keeps_the_model(bench: Any) -> None:
    cancel = RunControl()
    told = bench.Told(lambda event: cancel.stop() if isinstance(event, BatchEnded) else None)
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), told=told, cancel=cancel, epochs=50)
    assert (ended.outcome, ended.message) == ("stopped", "Stopped in the first epoch, after 1 batch.")
    assert not told.epochs
    assert ended.best_epoch is None
    assert ended.metrics["loss"] > 0
    assert bench.best(ended).count_params() == store.load_record(bench.folder, ended.run).params


def test_that_stop_in_a_later_epoch_keeps_the_best_one_before(bench: Any) -> None:
    cancel = RunControl()
    told = bench.Told(lambda event: cancel.stop() if isinstance(event, BatchEnded) and event.epoch == 3 else None)
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), told=told, cancel=cancel, epochs=50)
    assert ended.outcome == "stopped"
    assert ended.message.startswith("Stopped after 2 epochs")
    assert len(told.epochs) == 2
    assert ended.best_epoch == 2
    assert ended.metrics == told.epochs[1].metrics


def test_that_finish_ends_after_the_current_epoch(bench: Any) -> None:
    cancel = RunControl()
    told = bench.Told(lambda event: cancel.finish() if isinstance(event, BatchEnded) and event.epoch == 2 else None)
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), told=told, cancel=cancel, epochs=50)
    assert (ended.outcome, ended.message) == ("stopped", "Stopped after 2 epochs.")
    assert len(told.epochs) == 2


def test_that_a_stop_before_the_start_leaves_no_model(bench: Any) -> None:
    cancel = RunControl()
    cancel.stop()
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"), cancel=cancel)
    assert ended.outcome == "stopped"
    assert told == [ended]
    assert not store.best_model(bench.folder, ended.run).exists()


def test_that_a_loss_that_is_no_number_ends_the_run_and_keeps_the_best_epoch(bench: Any) -> None:
    diabetes = bench.builtin("diabetes")
    ended, told = bench.train(bench.regressor(), diabetes, optimizer="sgd", learning_rate=0.6, epochs=300, batch_size=8)
    assert ended.outcome == "failed"
    assert ended.message.startswith("The loss became ")
    assert ended.hint.startswith("Try a lower learning rate, 0.01 instead of 0.6"), "as the doctor's button does"
    assert sum(isinstance(event, RunEnded) for event in told) == 1
    if ended.best_epoch is not None:
        assert np.isfinite(bench.best(ended).get_weights()[0]).all()


def test_that_weights_that_are_no_numbers_are_seen_behind_a_relu(bench: Any) -> None:
    import keras
    import tensorflow as tf

    from workbench.core.errors import TrainingError
    from workbench.engine.callbacks import FiniteWatch

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="relu", name="first")])
    model.compile("adam", "mse")
    model.layers[0].kernel.assign(tf.fill((2, 3), float("nan")))
    watch = FiniteWatch()
    watch.set_model(model)
    with pytest.raises(TrainingError, match="first/kernel"):
        watch.on_epoch_end(0, {"loss": 0.5})


def test_that_data_that_are_no_numbers_are_refused_before_training() -> None:
    from workbench.core.errors import DataError
    from workbench.data.dataset import Part
    from workbench.engine.preflight import require_finite

    x = np.ones((4, 3), dtype=np.float32)
    x[1, 2] = np.nan
    with pytest.raises(DataError, match="1 of 4 training samples have missing or infinite inputs"):
        require_finite(Part(x, np.zeros(4, dtype=np.int32), np.arange(4)), "training")


def test_that_an_error_found_in_the_data_stops_the_training(bench: Any) -> None:
    found = DataProblem(message="Two columns share one name.", remedy="Rename one.", severity="error", items=("age",))
    digits = copy.copy(bench.builtin("digits"))
    digits.info = digits.info.model_copy(update={"problems": (found,)})
    ended, _ = bench.train(bench.classifier(), digits)
    assert ended.outcome == "failed"
    assert ended.message == "Two columns share one name. Received: age."
    assert ended.hint == "Rename one."


def test_that_too_few_outputs_are_told_in_plain_words(bench: Any) -> None:
    ended, told = bench.train(bench.classifier(7), bench.builtin("digits"))
    assert ended.outcome == "failed"
    assert "10" in ended.message
    assert not any(isinstance(event, RunStarted) for event in told)


def test_that_layers_that_do_not_fit_are_told_in_plain_words(bench: Any) -> None:
    graph = bench.stack(
        ("Conv2D", {"filters": 4, "kernel_size": 30}),
        ("Flatten", {}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    ended, _ = bench.train(graph, bench.builtin("digits"))
    assert ended.outcome == "failed"
    assert "conv2d" in ended.message.lower()
    assert "\x1b" not in ended.message
    assert "Traceback" not in ended.message


def test_that_a_setting_that_keras_refuses_is_told_as_one_of_the_plan(bench: Any) -> None:
    ended, _ = bench.train(
        bench.classifier(), bench.builtin("digits"), optimizer="lion", optimizer_params={"beta_1": 0}
    )
    assert ended.outcome == "failed"
    assert ended.message.startswith("Keras refuses a setting of the plan. Received: Argument `beta_1` must be in")
    assert ended.hint == "Change it in the plan on the Train page."


def test_that_a_whole_number_does_where_keras_asks_for_a_fraction(bench: Any) -> None:
    plan = {"optimizer": "sgd", "optimizer_params": {"momentum": 0}, "epochs": 1}
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), **plan)
    assert ended.outcome == "done", ended


def test_that_too_little_memory_names_the_largest_batch_that_fits(bench: Any) -> None:
    graph = bench.stack(
        ("Conv2D", {"filters": 100_000, "kernel_size": 1, "padding": "same"}),
        ("GlobalAveragePooling2D", {}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    ended, told = bench.train(graph, bench.builtin("digits"), batch_size=1024, epochs=1)
    assert ended.outcome == "failed"
    assert ended.message.startswith("The memory is not large enough for this training.")
    found = re.fullmatch(r"Try a smaller batch size, (\d+) instead of 1024, or a smaller network.", ended.hint)
    assert found
    assert 1 <= int(found[1]) < 1024
    offered = told[-2]
    assert isinstance(offered, Finding)
    assert offered.remedy is not None
    assert offered.remedy["set"] == {"training.batch_size": int(found[1])}
    assert offered.remedy["label"] == f"Use a batch of {found[1]}"


def test_that_a_network_larger_than_the_memory_is_refused(bench: Any) -> None:
    graph = bench.stack(
        ("Flatten", {}), ("Dense", {"units": 1_000_000_000}), ("Dense", {"units": 10, "activation": "softmax"})
    )
    ended, _ = bench.train(graph, bench.builtin("digits"))
    assert ended.outcome == "failed"
    assert ended.message.startswith("The memory is not large enough for this ")


def test_that_running_out_of_memory_asks_for_a_smaller_batch() -> None:
    import tensorflow as tf

    from workbench.engine.failures import explained
    from workbench.engine.memory import OutOfMemory

    words = "OOM when allocating tensor with shape[64,1000,1000] and type float on /device:GPU:0 [Op:Fill]"
    known = explained(tf.errors.ResourceExhaustedError(None, None, words), 64)
    assert known is not None
    assert known.rule == "The memory is not large enough for this training."
    assert known.received == "a tensor of 64 × 1000 × 1000 found no room"
    assert known.hint == "Try a smaller batch size, 32 instead of 64, or a smaller network."
    assert isinstance(explained(MemoryError(), 64, room=8), OutOfMemory)
    assert explained(MemoryError(), 64, room=8).fits == 8  # type: ignore[union-attr]
    assert explained(MemoryError(), 1).finding("run-001", 1).remedy is None  # type: ignore[union-attr]


class _SmallGpu(runtime.Device):
    """The CPU, under the name of a GPU."""

    @property
    def tensorflow_name(self) -> str:
        return "/CPU:0"


@pytest.mark.parametrize(("room", "found"), [(7, 6), (31, 24), (17, 16), (2, 2)])
def test_that_the_largest_batch_that_fits_is_found_on_a_gpu(
    bench: Any, monkeypatch: pytest.MonkeyPatch, room: int, found: int
) -> None:
    import tensorflow as tf

    stretch = Feed.stretch

    def cramped(self: Feed, order: np.ndarray) -> Any:
        if len(order) > room:
            raise tf.errors.ResourceExhaustedError(None, None, f"OOM when allocating tensor with shape[{len(order)},9]")
        return stretch(self, order)

    monkeypatch.setattr(Feed, "stretch", cramped)
    monkeypatch.setattr(runtime, "device_in_use", lambda setting: _SmallGpu("gpu:0", "Small GPU", "gpu"))
    plan = {"batch_size": 32, "watch": {"doctor": False, "samples": 0}}
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"), **plan)
    assert ended.outcome == "failed"
    assert ended.hint == f"Take batches of {found}: they fit, 32 did not. Or take a smaller network."
    offered = told[-2]
    assert isinstance(offered, Finding)
    assert offered.remedy == {"label": f"Use a batch of {found}", "set": {"training.batch_size": found}}
    assert offered.evidence["samples a step"] == [32.0, float(found)]
    assert offered.source


def test_that_a_gpu_that_is_not_there_is_named(bench: Any) -> None:
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), device="gpu:7")
    assert ended.outcome == "failed"
    assert "gpu:7; there are:" in ended.message
    assert "doctor" in ended.hint


def test_that_a_project_without_data_says_so(bench: Any) -> None:
    ended, _ = bench.train(bench.classifier(), None)
    assert (ended.outcome, ended.hint) == ("failed", "Pick a dataset first.")


def test_that_a_mistake_of_ours_ends_the_run_and_goes_to_the_log(
    bench: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("oops")

    monkeypatch.setattr(trainer, "build_model", broken)
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"))
    assert ended.outcome == "failed"
    assert "KeyError" in ended.message
    assert "Traceback" in caplog.text
    assert told[-1] is ended


def test_that_a_full_disk_ends_the_run_in_plain_words(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def full(source: Any, target: Any) -> None:
        if Path(target).name == store.BEST_FILE:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(files.os, "replace", full)
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2)
    assert ended.outcome == "failed"
    assert "No space left on device" in ended.message
    assert "disk is full" in ended.hint
    assert told[-1] is ended
    assert store.load_record(bench.folder, ended.run).outcome == "failed"
    assert not list(store.run_folder(bench.folder, ended.run).glob("*.tmp*"))
    assert ended.resumable, "its state was saved before"


def test_that_a_run_that_the_disk_ended_is_told_to_be_resumable_and_another_failed_one_is_not(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_with(error: Exception) -> RunEnded:
        def spoil(event: Event) -> None:
            if isinstance(event, Saved):
                raise error

        ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), told=bench.Told(spoil), epochs=2)
        assert ended.outcome == "failed"
        assert store.load_record(bench.folder, ended.run).resumable == ended.resumable
        return ended

    assert fails_with(files.write_failed(Path("best.keras"), OSError(28, "No space left on device"))).resumable
    assert not fails_with(MemoryError()).resumable


def test_that_a_log_that_cannot_be_written_is_told_of_once_and_ends_no_run(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise files.write_failed(Path("metrics.jsonl"), OSError(30, "Read-only file system"))

    told: list[Event] = []

    def spoil(event: Event) -> None:
        told.append(event)
        if isinstance(event, EpochEnded):
            monkeypatch.setattr(files, "append_line", refused)
            monkeypatch.setattr(files, "write_json", refused)

    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), told=bench.Told(spoil), epochs=4)
    assert ended.outcome == "done"
    warned = [event.message for event in told if isinstance(event, Notice) and event.level == "warning"]
    assert sum(words.startswith("The run goes on") for words in warned) == 1
    assert len(warned) == len(set(warned))
    assert told[-1] is ended
    assert sum(isinstance(event, RunEnded) for event in told) == 1
