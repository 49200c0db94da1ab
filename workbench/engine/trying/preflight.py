"""The pre-flight: in seconds, whether a training is likely to go well, how long it will take, and what it needs."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from workbench.core.cancel import CancelToken
from workbench.core.errors import WorkbenchError
from workbench.core.jsonable import jsonable
from workbench.data.dataset import Dataset
from workbench.diagnosis.evidence import Evidence, Facts
from workbench.diagnosis.found import Found, Remedy, remedy
from workbench.diagnosis.rules import classes, data, start
from workbench.diagnosis.rules.steps import usual_rate
from workbench.diagnosis.samples import data_facts
from workbench.engine import memory, runtime
from workbench.engine.check import check
from workbench.engine.feed import epoch_order
from workbench.engine.loop import Stretches
from workbench.engine.trying.trial import Trial, trial
from workbench.engine.watching.facts import facts_of
from workbench.engine.watching.probe import Probe
from workbench.project.model import Project

State = Literal["passed", "warned", "failed"]
Progress = Callable[[float, str], None]

ONE_BATCH = 32
ONE_BATCH_S = 4.0
ONE_BATCH_STEPS = 500
LEARNT = 0.4
"""A network that can learn at all brings the loss of one batch below this part of where it began."""
TIMED_S = 1.0
FIRST_SAMPLES = 256
KARPATHY = "Karpathy, A Recipe for Training Neural Networks (2019): overfit one batch"


@dataclasses.dataclass(frozen=True)
class Item:
    """One thing that was looked at.

    Args:
        name: "one_batch", "start_loss", "output", "inputs", "labels", "leakage", "classes", "validation", "batch",
            "time", "memory", or "ready" where nothing could be tried.
        title: What it is about, in words.
        state: How it stands.
        message: What was seen, with its numbers.
        hint: Why that matters, and what helps.
        evidence: Named series to draw.
        remedy: The edit that helps; None where there is none.
        source: Where the rule is from.
    """

    name: str
    title: str
    state: State
    message: str
    hint: str = ""
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    remedy: Remedy | None = None
    source: str = ""


@dataclasses.dataclass(frozen=True)
class Preflight:
    """What the pre-flight found.

    Args:
        items: In the order in which they were looked at.
        epoch_seconds: How long an epoch will take; None where that was not tried.
        run_seconds: How long all epochs will take.
        memory: Bytes that the training needs, estimated.
        memory_free: Bytes that its device has free; None where that cannot be told.
        seconds: What the pre-flight itself took.
    """

    items: tuple[Item, ...]
    epoch_seconds: float | None = None
    run_seconds: float | None = None
    memory: int | None = None
    memory_free: int | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return all(item.state != "failed" for item in self.items)

    def to_json(self) -> dict[str, Any]:
        """As the command line answers."""
        answer: dict[str, Any] = jsonable({"ok": self.ok, **dataclasses.asdict(self)})
        return answer


_ASKED: tuple[tuple[str, str, Callable[[Evidence], list[Found]], str], ...] = (
    (
        "start_loss",
        "Loss at the start",
        start.start_loss,
        "The loss starts at {start:.3g}; theory says {level:.3g}.",
    ),
    ("output", "Output and loss", start.output_mismatch, "The last activation is the one that the loss expects."),
    ("inputs", "Inputs", data.unscaled_inputs, "The inputs are of a size that fresh weights are made for."),
    ("labels", "Labels", data.labels, "No label looks wrong or out of range."),
    ("leakage", "Leakage", data.leakage, "No copies across the parts, no column that tells the answer alone."),
    ("classes", "Classes", classes.imbalance, "No class is far rarer than another."),
    ("validation", "Validation part", classes.small_validation, "There are {validation:,} validation samples."),
    ("batch", "Batch size", start.batch_size, "{steps:,} steps an epoch."),
)


def preflight(
    project: Project, dataset: Dataset, cancel: CancelToken | None = None, progress: Progress | None = None
) -> Preflight:
    """Look at what can be known before a training.

    Args:
        project: What is to be trained.
        dataset: Opened.
        cancel: Looked at between steps.
        progress: Told how far it is, from 0 to 1, and what is looked at.

    Raises:
        Cancelled: The user asked for the end.
    """
    began = time.perf_counter()
    cancel, tell = cancel or CancelToken(), progress or (lambda _done, _words: None)
    tell(0.0, "Building the network")
    try:
        with trial(project, dataset, cancel) as made:
            found = _tried(made, cancel, tell)
    except WorkbenchError as error:
        words = f"{error.rule} Received: {error.received}." if error.received else error.rule
        found = Preflight((Item("ready", "Ready to train", "failed", words, error.hint),))
    return dataclasses.replace(found, seconds=time.perf_counter() - began)


def _tried(made: Trial, cancel: CancelToken, tell: Progress) -> Preflight:
    project, dataset = made.project, made.dataset
    facts = facts_of(project, dataset, made.core)
    probe = Probe(project.graph, facts, dataset.info, made.twin, made.core, made.feed, main=made.main)
    tell(0.1, "Looking at the samples")
    evidence = Evidence(facts, data=data_facts(dataset), inputs=probe.inputs())
    cancel.raise_if_stopped()
    rows = np.linspace(0, made.feed.samples - 1, min(FIRST_SAMPLES, made.feed.samples)).astype(np.int32)
    evidence.start = probe.loss(rows)
    items = [item for asked in _ASKED for item in _asked(evidence, *asked)]
    kept = made.keep()
    tell(0.3, "Learning one batch by heart")
    items.insert(0, _one_batch(made, facts, cancel))
    made.restore(kept)
    tell(0.7, "Taking the time")
    epoch = _epoch_seconds(made, cancel)
    run = epoch * project.training.total_epochs
    items.append(Item("time", "Time", "passed", f"About {spoken(epoch)} an epoch, {spoken(run)} for all of them."))
    needed, free, item = _memory(made)
    tell(1.0, "")
    return Preflight((*items, item), epoch, run, needed, free)


def _asked(evidence: Evidence, name: str, title: str, rule: Callable[[Evidence], list[Found]], well: str) -> list[Item]:
    found = rule(evidence)
    facts = evidence.facts
    if name == "classes" and facts.task == "regression":
        return []
    if not found:
        if name == "start_loss" and (facts.chance is None or evidence.start is None):
            return []
        numbers = {"start": evidence.start or 0.0, "level": facts.chance or 0.0}
        return [Item(name, title, "passed", well.format(**numbers, validation=facts.validation, steps=facts.steps))]
    return [
        Item(
            name,
            title,
            "failed" if one.severity == "error" else "warned" if one.severity == "warning" else "passed",
            one.message,
            one.hint,
            one.evidence,
            one.remedy,
            one.source,
        )
        for one in found
    ]


def _one_batch(made: Trial, facts: Facts, cancel: CancelToken) -> Item:
    """Whether the network can learn a single batch by heart, with the plan's optimizer."""
    size = min(ONE_BATCH, made.feed.samples)
    rows = epoch_order(made.feed.samples, made.project.training.seed, 0)[:size]
    steps, losses = _repeated(made, rows, cancel)
    title, drawn = "One batch by heart", {"x": steps, "loss": losses}
    if not math.isfinite(losses[-1]):
        words = f"The loss was no number any more after {steps[-1]} steps on one batch."
        return Item("one_batch", title, "failed", words, _SMALLER, drawn, _to_usual(facts), KARPATHY)
    reached = losses[-1]
    words = f"In {steps[-1]} steps on {size} samples the loss went from {losses[0]:.3g} to {reached:.3g}"
    if reached <= LEARNT * losses[0]:
        return Item("one_batch", title, "passed", f"{words}.", "", drawn, None, KARPATHY)
    return Item(
        "one_batch", title, "warned", f"{words}, not below {LEARNT:.0%}.", _UNABLE, drawn, _to_usual(facts), KARPATHY
    )


def _repeated(made: Trial, rows: np.ndarray, cancel: CancelToken) -> tuple[list[int], list[float]]:
    """Learn the same batch again and again; after which steps, and the mean loss since the last."""
    steps: list[int] = []
    losses: list[float] = []
    total = 0.0
    until = math.inf

    def after(done: int, logs: Mapping[str, float]) -> bool:
        nonlocal total, until
        before = steps[-1] if steps else 0
        sum_ = logs["loss"] * done
        steps.append(done)
        losses.append((sum_ - total) / (done - before))
        total = sum_
        if len(steps) == 1:  # the first call compiles
            until = time.monotonic() + ONE_BATCH_S
        going = math.isfinite(losses[-1]) and losses[-1] > 0.1 * LEARNT * losses[0]
        return going and not cancel.stop_requested and time.monotonic() < until

    made.twin.reset_metrics()
    stretches = Stretches(made.twin, made.feed, len(rows), made.twin.train_step)
    stretches.run(np.tile(rows, ONE_BATCH_STEPS), after, lambda _done: None)
    cancel.raise_if_stopped()
    return steps, losses


_SMALLER = "The steps are far too long: try a smaller learning rate."
_UNABLE = (
    "A network that cannot even learn a few samples by heart will not learn the rest: look at the learning rate, the "
    "last layer and the first weights, or make the network larger."
)


def _to_usual(facts: Facts) -> Remedy | None:
    rate = usual_rate(facts.optimizer)
    if 0.1 * rate <= facts.learning_rate <= 10 * rate:
        return None
    return remedy(f"Set the learning rate to {rate:g}", {"training.learning_rate": rate})


def _epoch_seconds(made: Trial, cancel: CancelToken) -> float:
    """How long an epoch takes, its validation included: a part of one is trained as a run would."""
    size = made.project.training.batch_size
    stretches = Stretches(made.twin, made.feed, size, made.twin.train_step)
    order = epoch_order(made.feed.samples, 0, 0)
    marks: list[tuple[float, int]] = []

    def after(done: int, _logs: Any) -> bool:
        marks.append((time.perf_counter(), done))
        return not cancel.stop_requested and marks[-1][0] - marks[0][0] < TIMED_S

    began = time.perf_counter()
    while not marks or (len(marks) < 3 and time.perf_counter() - began < TIMED_S):
        round_began, before = time.perf_counter(), len(marks)
        stretches.run(order, after, lambda _done: None)
        cancel.raise_if_stopped()
        if before and len(marks) == before + 1:  # the whole epoch is one call
            return (marks[-1][0] - round_began) * _with_validation(made)
        began = min(began, round_began)
    steps = stretches.steps(order)
    (first, from_), (last, to) = marks[0], marks[-1]
    each = (last - first) / (to - from_) if to > from_ else (last - began) / max(to, 1)
    return each * steps * _with_validation(made)


def _with_validation(made: Trial) -> float:
    """Training and validation as a multiple of the training: a forward pass is about a third of a step."""
    return 1 + len(made.dataset.part("validation")) / (3 * max(1, made.feed.samples))


def _memory(made: Trial) -> tuple[int, int | None, Item]:
    settings = made.project.training
    report = check(made.project)
    needed = memory.fixed_bytes(report.total_params, report.trainable_params, settings)
    needed += settings.batch_size * report.sample_bytes
    free = memory.device_bytes(runtime.device_in_use(settings.device))
    about = f"About {needed / 1e6:,.0f} MB are needed" if needed >= 1e6 else "Less than 1 MB is needed"
    words = about + ("." if free is None else f", {free / 1e9:,.1f} GB are free.")
    tight = free is not None and needed > 0.8 * free
    smaller = max(1, settings.batch_size // 2)
    item = Item(
        "memory",
        "Memory",
        "warned" if tight else "passed",
        words,
        "Other programs may need some of it: smaller batches need less." if tight else "",
        {},
        remedy(f"Use batches of {smaller}", {"training.batch_size": smaller}) if tight else None,
    )
    return needed, free, item


def spoken(seconds: float) -> str:
    """A duration as people say it: "0.4 s", "12 s", "3 min", "2.5 h"."""
    if seconds < 10:
        return f"{seconds:.2g} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
