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
        events.RunEnded("run-001", "done", "Done.", 1, {"val_loss": 0.6}, 2.0),
    ]
    assert [events.from_json(json.loads(json.dumps(events.to_json(event)))) for event in told] == told


def test_that_a_nan_loss_is_null_in_json_and_nan_again() -> None:
    record = events.to_json(events.BatchEnded("run-001", 1, 1, {"loss": math.nan}, 1.0))
    assert record["metrics"] == {"loss": None}
    event = events.from_json(record)
    assert isinstance(event, events.BatchEnded)
    assert math.isnan(event.metrics["loss"])
