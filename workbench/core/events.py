"""What a run says while it works: small frozen records of plain numbers, for the window and the command line alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

from workbench.core.jsonable import jsonable

Outcome = Literal["done", "stopped", "failed"]


@dataclasses.dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began. `samples` counts the training part; `steps_per_epoch` counts batches."""

    event: ClassVar[str] = "run_started"
    run: str
    epochs: int
    steps_per_epoch: int
    batch_size: int
    samples: int
    validation_samples: int
    params: int
    device: str


@dataclasses.dataclass(frozen=True, slots=True)
class BatchEnded:
    """Progress inside an epoch; thinned, so not every batch is told. `epoch` and `step` count from 1."""

    event: ClassVar[str] = "batch"
    run: str
    epoch: int
    step: int
    metrics: Mapping[str, float]
    samples_per_second: float


@dataclasses.dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch ended. `epoch` counts from 1; `metrics` holds loss, metrics and their val_ twins."""

    event: ClassVar[str] = "epoch"
    run: str
    epoch: int
    metrics: Mapping[str, float]
    seconds: float
    samples_per_second: float


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """Something worth a person's eye that does not end the run."""

    event: ClassVar[str] = "notice"
    run: str
    level: Literal["info", "warning"]
    message: str
    hint: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class RunEnded:
    """The one last word of a run. `best_epoch` counts from 1; `metrics` are those of the best epoch."""

    event: ClassVar[str] = "run_ended"
    run: str
    outcome: Outcome
    message: str
    best_epoch: int | None
    metrics: Mapping[str, float]
    seconds: float
    hint: str = ""


Event = RunStarted | BatchEnded | EpochEnded | Notice | RunEnded
Emit = Callable[[Event], None]

_BY_NAME: dict[str, type[Event]] = {kind.event: kind for kind in (RunStarted, BatchEnded, EpochEnded, Notice, RunEnded)}


def to_json(event: Event) -> dict[str, Any]:
    """One JSON object for one event; NaN and infinity become null."""
    body = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    result: dict[str, Any] = jsonable({"event": event.event, **body})
    return result


def from_json(record: Mapping[str, Any]) -> Event:
    """The event that `to_json` wrote; null among the metrics becomes NaN. Raises KeyError or TypeError on others."""
    kind = _BY_NAME[record["event"]]
    names = {field.name for field in dataclasses.fields(kind)}
    body = {key: value for key, value in record.items() if key in names}
    if "metrics" in body:
        body["metrics"] = {key: float("nan") if value is None else value for key, value in body["metrics"].items()}
    return kind(**body)
