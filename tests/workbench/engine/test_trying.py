from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled
from workbench.project.model import Project
from workbench.project.training import TrainingSettings


def _project(graph: Any, dataset: Any, **settings: Any) -> Project:
    return Project(graph=graph, dataset=dataset.spec, info=dataset.info, training=TrainingSettings(**settings))


def _flown(bench: Any, graph: Any, dataset: Any, **settings: Any) -> Any:
    from workbench.engine.trying.preflight import preflight

    return preflight(_project(graph, dataset, **settings), dataset)


def test_that_a_sound_training_passes_its_pre_flight_in_seconds(bench: Any) -> None:
    found = _flown(bench, bench.classifier(), bench.builtin("digits"))
    assert {item.name: item.state for item in found.items if item.state != "passed"} == {}
    assert {item.name for item in found.items} >= {"one_batch", "start_loss", "output", "leakage", "time", "memory"}
    assert found.ok
    assert 0 < found.epoch_seconds < 10
    assert found.run_seconds == pytest.approx(20 * found.epoch_seconds)
    assert found.seconds < 15
    assert found.to_json()["items"][0]["evidence"]["loss"]


def test_that_the_pre_flight_says_what_is_wrong_and_what_helps(bench: Any) -> None:
    graph = bench.stack(
        ("Flatten", {}), ("Rescaling", {"scale": 255.0}), ("Dense", {"units": 10, "activation": "softmax"})
    )
    found = _flown(bench, graph, bench.builtin("digits"), learning_rate=1e-7)
    states = {item.name: item for item in found.items}
    assert states["inputs"].state == "warned"
    assert states["inputs"].remedy["repairs"][0]["args"] == {"layer": "Normalization"}
    assert states["one_batch"].state == "warned"
    assert states["one_batch"].remedy["set"] == {"training.learning_rate": 0.001}


def test_that_what_cannot_be_trained_fails_its_pre_flight_in_words(bench: Any) -> None:
    found = _flown(bench, bench.stack(("Dense", {"units": 3})), bench.builtin("digits"))
    assert not found.ok
    assert [item.name for item in found.items] == ["ready"]
    assert found.items[0].hint


def test_that_the_range_test_finds_a_rate_that_trains(bench: Any) -> None:
    from workbench.engine.trying.rates import find_rate

    told: list[float] = []
    dataset = bench.builtin("digits")
    found = find_rate(_project(bench.classifier(), dataset), dataset, progress=lambda done, _words: told.append(done))
    assert 3e-4 < found.suggested < 0.1
    assert found.highest is None or found.highest > found.suggested
    assert len(found.rates) == len(found.losses)
    assert found.remedy["set"] == {"training.learning_rate": found.suggested}
    assert told[-1] <= 1
    _, run = bench.train(bench.classifier(), dataset, epochs=5, learning_rate=found.suggested)
    assert run.epochs[-1].metrics["loss"] < 1.2


def test_that_a_loss_that_never_falls_suggests_no_rate() -> None:
    from workbench.engine.trying.rates import judged

    rates = np.logspace(-6, 1, 50).tolist()
    assert judged(rates, [1.1] * 50).suggested is None
    valley = [2.3 - 1.5 / (1 + np.exp(-3 * (np.log10(rate) + 2))) + 50 * max(0, np.log10(rate)) for rate in rates]
    found = judged(rates, valley)
    assert 0.001 < found.suggested < 0.1
    assert found.highest is not None


def test_that_the_batch_size_finder_times_each_size_and_suggests_one(bench: Any, monkeypatch: Any) -> None:
    from workbench.engine.trying import batches

    monkeypatch.setattr(batches, "SECONDS_EACH", 0.05)
    dataset = bench.builtin("digits")
    found = batches.find_batch(_project(bench.classifier(), dataset), dataset)
    assert [one.size for one in found.sizes] == [8, 16, 32, 64, 128, 256, 512, 1024]
    assert all(one.samples_per_second > 0 for one in found.sizes)
    assert [one.memory for one in found.sizes] == sorted(one.memory for one in found.sizes)
    assert found.suggested in (8, 16, 32, 64)


def test_that_sizes_that_would_take_too_long_are_not_tried(bench: Any, monkeypatch: Any) -> None:
    from workbench.engine.trying import batches

    monkeypatch.setattr(batches, "SECONDS_EACH", 0.01)
    monkeypatch.setattr(batches, "MOST_SECONDS", 0.0)
    dataset = bench.builtin("digits")
    found = batches.find_batch(_project(bench.classifier(), dataset), dataset)
    assert [one.size for one in found.sizes] == [8]
    assert found.suggested == 8


def test_that_a_size_without_room_is_not_tried_and_the_larger_ones_neither() -> None:
    from workbench.engine.trying.batches import BatchTime, judged

    found = judged([BatchTime(8, 100, 1), BatchTime(16, 200, 2), BatchTime(32, 0, 3, fits=False)], 10_000)
    assert found.suggested == 16
    assert found.message.endswith("larger ones gain little.")
    few = judged([BatchTime(8, 100, 1), BatchTime(16, 200, 2)], 200)
    assert few.suggested == 8
    assert few.message.endswith("larger ones are faster, but leave fewer than 16 steps an epoch.")
    assert judged([BatchTime(8, 0, 1, fits=False)], 100).suggested is None


@pytest.mark.parametrize("name", ["preflight", "rates", "batches"])
def test_that_a_trial_can_be_stopped(bench: Any, name: str) -> None:
    import importlib

    module = importlib.import_module(f"workbench.engine.trying.{name}")
    work = {"preflight": "preflight", "rates": "find_rate", "batches": "find_batch"}[name]
    dataset, cancel = bench.builtin("digits"), CancelToken()

    def stop(_done: float, _words: str) -> None:
        threading.Thread(target=cancel.stop).run()

    with pytest.raises(Cancelled):
        getattr(module, work)(_project(bench.classifier(), dataset), dataset, cancel, stop)
