"""Events are JSON and come back from it."""

from __future__ import annotations

import json
import math

from workbench.core import events


def test_that_every_event_survives_json() -> None:
    told = [
        events.RunStarted("run-001", 3, 10, 32, 320, 80, 1_000, "CPU"),
        events.BatchEnded("run-001", 1, 4, {"loss": 0.5}, 1_000.0),
        events.EpochEnded("run-001", 1, {"loss": 0.5, "val_loss": 0.6}, 1.5, 1_000.0),
        events.Notice("run-001", "warning", "Slow.", "Use a larger batch."),
        events.Paused("run-001", 2, paused=True),
        events.Changed("run-001", 2, 7, "learning_rate", 0.1, 0.01),
        events.Saved("run-001", 2, best=True),
        events.Statistics("run-001", 2, ({"layer": "dense", "of": "weights", "mean": 0.0, "std": 1.0, "dead": None},)),
        events.Predictions("run-001", 2, "validation", ({"index": 3, "truth": "7", "answer": "1", "confidence": 0.5},)),
        events.Load("run-001", 0.5, 8_000, 16_000),
        events.Finding("run-001", "divergence", "error", "The loss grew.", epoch=2, evidence={"x": [1], "loss": [2.0]}),
        events.RunEnded("run-001", "done", "Done.", 1, {"val_loss": 0.6}, 2.0),
        events.RunEnded("run-001", "failed", "It broke off.", None, {}, 2.0, "Resume it.", resumable=True),
    ]
    assert [events.from_json(json.loads(json.dumps(events.to_json(event)))) for event in told] == told


def test_that_a_last_word_from_before_it_told_whether_the_run_can_go_on_is_still_read() -> None:
    record = events.to_json(events.RunEnded("run-001", "failed", "It broke off.", None, {}, 2.0, resumable=True))
    del record["resumable"]
    assert events.from_json(record) == events.RunEnded("run-001", "failed", "It broke off.", None, {}, 2.0)


def test_that_a_nan_loss_is_null_in_json_and_nan_again() -> None:
    record = events.to_json(events.BatchEnded("run-001", 1, 1, {"loss": math.nan}, 1.0))
    assert record["metrics"] == {"loss": None}
    event = events.from_json(record)
    assert isinstance(event, events.BatchEnded)
    assert math.isnan(event.metrics["loss"])


def test_that_whatever_else_a_run_tells_is_a_notice_with_words_and_a_level() -> None:
    record = events.to_json(events.Changed("run-001", 2, 7, "learning_rate", 0.1, 0.01))
    assert (record["event"], record["kind"], record["level"]) == ("notice", "change", "info")
    assert record["message"] == "Learning rate changed from 0.1 to 0.01."
    found = events.to_json(events.Finding("run-001", "divergence", "error", "The loss grew."))
    assert (found["event"], found["level"], found["message"]) == ("notice", "warning", "The loss grew.")
