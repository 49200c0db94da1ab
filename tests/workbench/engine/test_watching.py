from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from workbench.core.events import Finding, Load, Predictions, Statistics

NOTHING = {"doctor": False, "statistics": False, "samples": 0}
ALL = {"doctor": True, "statistics": True, "samples": 4}


def _weights(bench: Any, ended: Any) -> list[np.ndarray]:
    return bench.best(ended).get_weights()


def _told(told: Any, kind: type) -> list[Any]:
    return [event for event in told if isinstance(event, kind)]


LIVELY = (
    ("RandomFlip", {"mode": "horizontal"}),
    ("GaussianNoise", {"stddev": 0.1}),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}),
    ("BatchNormalization", {}),
    ("SpatialDropout2D", {"rate": 0.2}),
    ("Flatten", {}),
    ("Dense", {"units": 16, "activation": "tanh"}),
    ("Dropout", {"rate": 0.3}),
    ("Dense", {"units": 10, "activation": "softmax"}),
)


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_that_a_run_that_is_watched_is_bit_for_bit_the_run_that_is_not(
    bench: Any, optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.engine.watching import budget

    monkeypatch.setattr(budget.Budget, "allows", lambda _self, _expected=None: True)
    graph, data = bench.stack(*LIVELY), bench.builtin("digits")
    plain, alone = bench.train(graph, data, epochs=3, optimizer=optimizer, watch=NOTHING)
    watched, seen = bench.train(graph, data, epochs=3, optimizer=optimizer, watch=ALL)
    assert len(_told(seen, Statistics)) == 3
    assert [event.metrics for event in seen.epochs] == [event.metrics for event in alone.epochs]
    for one, other in zip(_weights(bench, plain), _weights(bench, watched), strict=True):
        np.testing.assert_array_equal(one, other)


def test_that_statistics_tell_each_layers_weights_gradients_and_outputs(bench: Any) -> None:
    _, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=1, watch=ALL)
    rows = _told(told, Statistics)[0].rows
    assert {(row["layer"], row["of"]) for row in rows} >= {
        ("dense", "weights"),
        ("dense", "gradients"),
        ("dense", "activations"),
        ("dense_1", "gradients"),
    }
    dense = next(row for row in rows if row["layer"] == "dense" and row["of"] == "activations")
    assert 0 <= dense["dead"] <= 1
    assert all(np.isfinite([row["mean"], row["std"]]).all() for row in rows)


def test_that_statistics_that_were_asked_for_come_from_the_first_epoch_of_a_slow_network_too(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.engine.watching.doctor.Bedside._expected", lambda self: 1.0)
    _, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2, watch=ALL)
    assert _told(told, Statistics)[0].epoch == 1


def test_that_the_same_samples_are_predicted_after_each_epoch(bench: Any) -> None:
    _, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=3, watch={"samples": 5})
    predictions = _told(told, Predictions)
    assert predictions[-1].epoch == 3
    assert {tuple(row["index"] for row in one.rows) for one in predictions} == {(0, 67, 134, 202, 269)}
    row = predictions[-1].rows[0]
    assert row["truth"] in "0123456789"
    assert row["answer"] in "0123456789"
    assert 0 < row["confidence"] <= 1


def test_that_values_are_predicted_in_their_own_unit(bench: Any) -> None:
    _, told = bench.train(bench.regressor(), bench.builtin("diabetes"), epochs=1, watch={"samples": 2})
    assert all(20 < float(row["truth"]) < 400 for row in _told(told, Predictions)[0].rows)


def test_that_a_healthy_run_is_not_accused(bench: Any) -> None:
    _, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=5)
    assert _told(told, Finding) == []


def test_that_a_sick_run_is_told_with_its_remedy(bench: Any) -> None:
    _, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=4, learning_rate=1.0)
    found = {event.rule: event for event in _told(told, Finding)}
    assert found["learning_rate_high"].remedy["set"] == {"training.learning_rate": 0.001}
    assert found["dead_relus"].layer == "dense"


def test_that_the_batch_and_the_layer_where_nan_began_are_found(bench: Any) -> None:
    graph = bench.stack(
        ("Dense", {"units": 8, "activation": "relu"}),
        ("Dense", {"units": 8, "activation": "exponential"}),
        ("Dense", {"units": 1}),
    )
    ended, told = bench.train(graph, bench.builtin("diabetes"), epochs=3, optimizer="sgd", learning_rate=5.0)
    assert ended.outcome == "failed"
    found = next(event for event in _told(told, Finding) if event.rule == "divergence")
    assert found.severity == "error"
    assert found.layer == "dense_1"
    assert "batch" in found.message
    assert found.remedy["set"] == {"training.learning_rate": 0.01}


def test_that_a_fault_of_those_who_look_on_does_not_end_the_run(
    bench: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from workbench.engine.watching import probe

    monkeypatch.setattr(probe.Probe, "look", lambda *_: 1 / 0)
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2)
    assert (ended.outcome, len(told.epochs)) == ("done", 2)
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_that_the_load_is_told_every_two_seconds(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.engine.watching import load

    monkeypatch.setattr(load, "EVERY_S", 0.0)
    _, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=1, watch=NOTHING)
    loads = _told(told, Load)
    assert loads
    assert all(0 <= one.cpu <= 1 and 0 < one.memory < one.memory_total for one in loads)


def test_that_looking_stays_within_its_share_of_the_time() -> None:
    from workbench.engine.watching.budget import Budget

    budget = Budget(0.01, grant=0.0)
    assert not budget.allows(0.5)
    budget._began -= 100
    assert budget.allows(0.5)
    with budget.work():
        pass
    budget.spent = 1.1
    assert not budget.allows()
