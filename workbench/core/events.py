"""What a run says while it works: small frozen records of plain numbers, for the window and the command line alike.

Five events make the contract of the command line; whatever else a run tells is a notice of some `kind`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

from workbench.core.jsonable import jsonable

Outcome = Literal["done", "stopped", "failed"]
Level = Literal["info", "warning"]
Severity = Literal["info", "warning", "error"]


@dataclasses.dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began. `samples` counts the training part; `steps_per_epoch` counts batches.

    `resumed_epochs` counts the whole epochs that were behind it already, where it goes on from a checkpoint.
    `best_by` is the figure by which its best epoch is told; less of it is better, unless `higher_is_better`.
    """

    event: ClassVar[str] = "run_started"
    run: str
    epochs: int
    steps_per_epoch: int
    batch_size: int
    samples: int
    validation_samples: int
    params: int
    device: str
    resumed_epochs: int = 0
    best_by: str = ""
    higher_is_better: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class BatchEnded:
    """Progress inside an epoch; thinned, so not every batch is told. `epoch` and `step` count from 1."""

    event: ClassVar[str] = "batch"
    run: str
    epoch: int
    step: int
    metrics: Mapping[str, float]
    samples_per_second: float
    learning_rate: float | None = None
    gradient_norm: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch ended. `epoch` counts from 1; `metrics` holds loss, metrics and their val_ twins."""

    event: ClassVar[str] = "epoch"
    run: str
    epoch: int
    metrics: Mapping[str, float]
    seconds: float
    samples_per_second: float
    learning_rate: float | None = None
    gradient_norm: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """Something worth a person's eye that does not end the run."""

    event: ClassVar[str] = "notice"
    kind: ClassVar[str] = "word"
    run: str
    level: Level
    message: str
    hint: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Paused:
    """The run is held, or goes on again (`paused` false), during or after epoch `epoch` (from 1)."""

    event: ClassVar[str] = "notice"
    kind: ClassVar[str] = "pause"
    run: str
    epoch: int
    paused: bool

    @property
    def message(self) -> str:
        return "Paused." if self.paused else "Going on."


@dataclasses.dataclass(frozen=True, slots=True)
class Changed:
    """A setting was changed while the run went on, from batch `step` of epoch `epoch` on (both from 1)."""

    event: ClassVar[str] = "notice"
    kind: ClassVar[str] = "change"
    run: str
    epoch: int
    step: int
    what: str
    before: float
    after: float
    reason: str = ""

    @property
    def message(self) -> str:
        because = f" {self.reason}" if self.reason else ""
        return f"{self.what.replace('_', ' ').capitalize()} changed from {self.before:g} to {self.after:g}.{because}"


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """The state after epoch `epoch` is on the disk. `best`: its model is the best so far; `kept`: it stays."""

    event: ClassVar[str] = "notice"
    kind: ClassVar[str] = "checkpoint"
    run: str
    epoch: int
    step: int = 0
    best: bool = False
    kept: bool = False

    @property
    def message(self) -> str:
        return f"Saved after epoch {self.epoch}" + (f", batch {self.step}." if self.step else ".")


@dataclasses.dataclass(frozen=True, slots=True)
class Statistics:
    """What the layers' numbers looked like after an epoch.

    Each row is {"layer": name, "of": "weights" | "gradients" | "activations", "mean", "std", "dead"}, where `dead` is
    the share of units that are always zero, or None.
    """

    event: ClassVar[str] = "notice"
    kind: ClassVar[str] = "statistics"
    run: str
    epoch: int
    rows: tuple[Mapping[str, Any], ...]

    @property
    def message(self) -> str:
        return f"Statistics of {len({row['layer'] for row in self.rows})} layers."


@dataclasses.dataclass(frozen=True, slots=True)
class Predictions:
    """What the network makes of a few fixed samples after an epoch.

    Each row is {"index": place in the part, "truth": words, "answer": words, "confidence": number or None}.
    """

    event: ClassVar[str] = "notice"
    kind: ClassVar[str] = "predictions"
    run: str
    epoch: int
    part: str
    rows: tuple[Mapping[str, Any], ...]

    @property
    def message(self) -> str:
        return f"{len(self.rows)} samples predicted."


@dataclasses.dataclass(frozen=True, slots=True)
class Load:
    """How busy the machine is: shares of 1, and bytes. What there is none of is None."""

    event: ClassVar[str] = "notice"
    kind: ClassVar[str] = "load"
    run: str
    cpu: float
    memory: int
    memory_total: int
    gpu: float | None = None
    gpu_memory: int | None = None
    gpu_memory_total: int | None = None

    @property
    def message(self) -> str:
        return f"CPU {self.cpu:.0%}, memory {self.memory / 1e9:.1f} of {self.memory_total / 1e9:.1f} GB."


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor found.

    Args:
        run: The run.
        rule: The rule's name, as `workbench.diagnosis` lists it.
        severity: How bad it is.
        message: What was seen, with its numbers.
        hint: Why that is bad, and what helps.
        epoch: After which epoch (from 1); 0 before the run.
        layer: The layer's name, where it is about one.
        evidence: Named series of numbers to draw: {"x": [...], "loss": [...]}.
        remedy: What would mend it: {"label": words, "set": {path: value}}, or None.
        source: Where the rule is from.
    """

    event: ClassVar[str] = "notice"
    kind: ClassVar[str] = "finding"
    run: str
    rule: str
    severity: Severity
    message: str
    hint: str = ""
    epoch: int = 0
    layer: str = ""
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    remedy: Mapping[str, Any] | None = None
    source: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class RunEnded:
    """The one last word of a run. `best_epoch` counts from 1; `metrics` are those of the best epoch.

    `resumable`: what ended it lies outside of its plan, so that it may well go on from where it was last saved.
    """

    event: ClassVar[str] = "run_ended"
    run: str
    outcome: Outcome
    message: str
    best_epoch: int | None
    metrics: Mapping[str, float]
    seconds: float
    hint: str = ""
    resumable: bool = False


Told = Notice | Paused | Changed | Saved | Statistics | Predictions | Load | Finding
Event = RunStarted | BatchEnded | EpochEnded | Told | RunEnded
Emit = Callable[[Event], None]

_BY_NAME: dict[str, type[Event]] = {kind.event: kind for kind in (RunStarted, BatchEnded, EpochEnded, RunEnded)}
_BY_KIND: dict[str, type[Told]] = {
    told.kind: told for told in (Notice, Paused, Changed, Saved, Statistics, Predictions, Load, Finding)
}


def to_json(event: Event) -> dict[str, Any]:
    """One JSON object for one event; NaN and infinity become null. A notice has its kind, a level and words."""
    head: dict[str, Any] = {"event": event.event}
    if not isinstance(event, RunStarted | BatchEnded | EpochEnded | RunEnded):
        warns = isinstance(event, Finding) and event.severity != "info"
        head |= {"kind": event.kind, "level": "warning" if warns else "info", "message": event.message}
    body = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    result: dict[str, Any] = jsonable({**head, **body})
    return result


def from_json(record: Mapping[str, Any]) -> Event:
    """The event that `to_json` wrote; null among the metrics becomes NaN. Raises KeyError or TypeError on others."""
    name = record["event"]
    kind = _BY_KIND[record.get("kind", Notice.kind)] if name == Notice.event else _BY_NAME[name]
    names = {field.name for field in dataclasses.fields(kind)}
    body = {key: value for key, value in record.items() if key in names}
    if "metrics" in body:
        body["metrics"] = {key: float("nan") if value is None else value for key, value in body["metrics"].items()}
    if "rows" in body:
        body["rows"] = tuple(body["rows"])
    return kind(**body)
