from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from workbench.core.events import Notice, RunEnded, RunStarted
from workbench.engine.feed import epoch_order
from workbench.runs import store


def test_that_a_run_tells_its_start_its_epochs_and_one_end(bench: Any) -> None:
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=3)
    assert isinstance(told[0], RunStarted)
    assert told[0].samples == 1257
    assert told[0].steps_per_epoch == 40
    assert [event.epoch for event in told.epochs] == [1, 2, 3]
    assert list(told.epochs[0].metrics) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert told[-1] is ended
    assert sum(isinstance(event, RunEnded) for event in told) == 1
    assert (ended.outcome, ended.message) == ("done", "Trained 3 epochs.")
    assert any(isinstance(event, Notice) for event in told)


def test_that_every_epoch_tells_its_last_batch_with_the_epochs_own_figures(bench: Any) -> None:
    _, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2)
    for epoch in told.epochs:
        last = [batch for batch in told.batches if batch.epoch == epoch.epoch][-1]
        assert last.step == 40
        assert last.metrics["loss"] == epoch.metrics["loss"]


def test_that_batches_are_told_at_most_twenty_times_a_second(bench: Any) -> None:
    ended, told = bench.train(bench.classifier(), bench.builtin("digits"), epochs=20, batch_size=4)
    assert len(told.batches) <= ended.seconds / 0.05 + 20


def test_that_the_record_says_what_became_of_the_run(bench: Any) -> None:
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2)
    record = store.load_record(bench.folder, ended.run)
    assert record.outcome == "done"
    assert record.epochs == 2
    assert record.best_epoch == ended.best_epoch
    assert record.metrics == ended.metrics
    assert record.params == 64 * 16 + 16 + 16 * 10 + 10
    assert record.preparation == bench.builtin("digits").preparation
    assert [event.event for event in store.load_events(bench.folder, ended.run)][-1] == "run_ended"


def test_that_the_kept_model_is_the_best_epochs_and_needs_nothing_of_ours(bench: Any) -> None:
    digits = bench.builtin("digits")
    ended, told = bench.train(bench.classifier(), digits, epochs=12, learning_rate=0.05)
    model, part = bench.best(ended), digits.part("validation")
    probabilities = model.predict(part.x.astype(np.float32) / 255, verbose=0)
    accuracy = float((probabilities.argmax(axis=1) == part.y).mean())
    assert not model.compiled
    assert ended.best_epoch == 1 + int(np.argmin([event.metrics["val_loss"] for event in told.epochs]))
    assert accuracy == pytest.approx(ended.metrics["val_accuracy"], abs=1e-6)
    assert accuracy > 0.9


def test_that_the_same_plan_gives_the_same_figures(bench: Any) -> None:
    runs = [bench.train(bench.classifier(), bench.builtin("digits"), epochs=3, seed=7) for _ in range(2)]
    first, second = ([event.metrics for event in told.epochs] for _, told in runs)
    assert first == second


def test_that_another_seed_gives_other_figures(bench: Any) -> None:
    runs = [bench.train(bench.classifier(), bench.builtin("digits"), epochs=1, seed=seed) for seed in (1, 2)]
    assert runs[0][1].epochs[0].metrics != runs[1][1].epochs[0].metrics


def test_that_settings_of_another_thread_do_not_reach_the_run(bench: Any) -> None:
    import keras

    here = bench.train(bench.classifier(), bench.builtin("digits"), epochs=1)[0]
    answers: list[RunEnded] = []
    keras.config.set_dtype_policy("mixed_float16")
    try:
        run = lambda: answers.append(bench.train(bench.classifier(), bench.builtin("digits"), epochs=1)[0])  # noqa: E731
        worker = threading.Thread(target=run)
        worker.start()
        worker.join()
    finally:
        keras.config.set_dtype_policy("float32")
    assert answers[0].metrics == here.metrics


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
def test_that_each_optimizer_learns(bench: Any, optimizer: str) -> None:
    rate = {"adam": 0.01, "adamw": 0.01, "rmsprop": 0.01}.get(optimizer, 0.1)
    _, told = bench.train(
        bench.classifier(), bench.builtin("digits"), epochs=3, optimizer=optimizer, learning_rate=rate
    )
    assert told.epochs[-1].metrics["loss"] < told.epochs[0].metrics["loss"] < 2.3


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy", "kl_divergence"])
def test_that_the_forms_of_cross_entropy_agree(bench: Any, loss: str) -> None:
    ended, _ = bench.train(bench.classifier(), bench.builtin("digits"), epochs=1, loss=loss)
    usual, _ = bench.train(bench.classifier(), bench.builtin("digits"), epochs=1)
    assert ended.metrics["val_loss"] == pytest.approx(usual.metrics["val_loss"], rel=1e-3)
    assert ended.metrics["val_accuracy"] == usual.metrics["val_accuracy"]


@pytest.mark.parametrize("loss", ["binary_crossentropy", "binary_focal_crossentropy"])
def test_that_two_classes_can_be_one_output(bench: Any, loss: str) -> None:
    graph = bench.classifier(1, activation="sigmoid")
    ended, _ = bench.train(
        graph,
        bench.builtin("breast_cancer"),
        epochs=8,
        loss=loss,
        learning_rate=0.01,
        metrics=("accuracy", "precision", "recall", "auc"),
    )
    assert ended.outcome == "done", ended.message
    assert ended.metrics["val_accuracy"] > 0.9
    assert ended.metrics["val_auc"] > 0.9


@pytest.mark.parametrize(
    ("loss", "metric"),
    [("auto", "sparse_top_k_categorical_accuracy"), ("categorical_crossentropy", "top_k_categorical_accuracy")],
)
def test_that_the_top_five_can_be_measured(bench: Any, loss: str, metric: str) -> None:
    ended, _ = bench.train(
        bench.classifier(), bench.builtin("digits"), epochs=1, loss=loss, metrics=("accuracy", metric)
    )
    assert ended.metrics[metric] > ended.metrics["accuracy"]


def test_that_values_are_measured_in_their_own_unit(bench: Any) -> None:
    diabetes = bench.builtin("diabetes")
    metrics = ("mean_absolute_error", "root_mean_squared_error", "r2_score")
    ended, _ = bench.train(bench.regressor(), diabetes, epochs=20, metrics=metrics, learning_rate=0.01)
    part, target = diabetes.part("validation"), diabetes.preparation.target
    errors = (bench.best(ended).predict(part.x, verbose=0)[:, 0] - part.y) * target.std
    assert ended.metrics["val_mean_absolute_error"] == pytest.approx(np.abs(errors).mean(), rel=1e-4)
    assert ended.metrics["val_root_mean_squared_error"] == pytest.approx(np.sqrt((errors**2).mean()), rel=1e-4)
    assert ended.metrics["val_r2_score"] == pytest.approx(
        1 - (errors**2).mean() / (part.y * target.std).var(), rel=1e-3
    )


def test_that_early_stopping_ends_a_run_that_no_longer_gets_better(bench: Any) -> None:
    early = {"enabled": True, "patience": 2, "min_delta": 10.0}
    ended, told = bench.train(bench.classifier(3), bench.builtin("iris"), epochs=50, early_stopping=early)
    assert (ended.outcome, len(told.epochs)) == ("done", 3)
    assert ended.message == "Ended after 3 epochs: no better validation loss for 2 epochs."


def test_that_a_run_can_open_its_data_itself(bench: Any) -> None:
    spec = bench.builtin("iris").spec
    ended, told = bench.train(bench.classifier(3), None, spec=spec, epochs=1)
    assert ended.outcome == "done"
    assert "Loading the data…" in [event.message for event in told if isinstance(event, Notice)]


def test_that_the_order_of_an_epoch_depends_on_seed_and_epoch_only() -> None:
    assert (epoch_order(100, 1, 2) == epoch_order(100, 1, 2)).all()
    assert (epoch_order(100, 1, 2) != epoch_order(100, 1, 3)).any()
    assert sorted(epoch_order(100, 1, 2)) == list(range(100))
