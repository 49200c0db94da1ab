"""A run's events as series to draw and marks along them. No widgets here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from ui.pages.train.progress import RunProgress
from ui.plots.curve import Role
from ui.plots.marks import Kind, Mark
from ui.plots.series import Place, Series
from workbench.core.events import BatchEnded, Changed, EpochEnded, Event, Finding, Paused, RunStarted, Saved

LOSS, RATE, NORM = "loss", "learning_rate", "gradient_norm"
LAST = (RATE, NORM)
"""Figures that stand behind the metrics, in this order."""


class RunSeries:
    """What is known of one run, figure by figure.

    `series` maps a figure and its role to its points. Where a run was resumed, what came after the checkpoint it goes
    on from is forgotten: those series are replaced by shorter ones.
    """

    def __init__(self, run: str) -> None:
        self.run = run
        self.series: dict[tuple[str, Role], Series] = {}
        self.progress = RunProgress()
        self._marks: list[Mark] = []
        self._newest: Mark | None = None
        self._steps = 0
        self._batch_size = 0
        self._seconds = 0.0
        self._ends: dict[int, float] = {}

    @property
    def figures(self) -> list[str]:
        """The figures there are: loss, metrics, then learning rate and gradient norm."""
        names = dict.fromkeys(figure for figure, _ in self.series)
        return sorted(names, key=lambda name: (name in LAST, name != LOSS))

    def read(self, event: Event) -> None:
        """Take in one event."""
        self.progress.read(event)
        match event:
            case RunStarted():
                self._start(event)
            case BatchEnded():
                self._read_batch(event)
            case EpochEnded():
                self._read_epoch(event)
            case Changed():
                at = self._place(event.epoch - 1, event.step)
                self._mark("change", event.epoch, event.message, at)
            case Paused() if event.paused:
                words = _tr("Paused in epoch {epoch}").format(epoch=event.epoch)
                self._mark("pause", event.epoch, words, self._now(event.epoch))
            case Finding() if event.epoch and event.severity != "info":
                self._mark("finding", event.epoch, event.message)
            case Saved():
                self._read_saved(event)

    def _start(self, event: RunStarted) -> None:
        self._steps, self._batch_size = max(1, event.steps_per_epoch), event.batch_size
        if self.series and event.resumed_epochs < len(self._ends):
            self._forget_after(event.resumed_epochs)

    def _forget_after(self, epoch: int) -> None:
        self.series = {key: _until(series, epoch) for key, series in self.series.items()}
        self._ends = {number: seconds for number, seconds in self._ends.items() if number <= epoch}
        self._seconds = self._ends.get(epoch, 0.0)
        self._marks = [mark for mark in self._marks if mark.at[0] <= epoch]

    def _read_batch(self, event: BatchEnded) -> None:
        steps = self._steps or event.step
        seconds = self._ends.get(event.epoch - 1, 0.0)
        if event.samples_per_second > 0:
            seconds += event.step * self._batch_size / event.samples_per_second
        # How long an epoch took is known only at its end, so a place in time must not fall behind the last.
        self._seconds = max(self._seconds, seconds)
        at = (event.epoch - 1 + event.step / steps, (event.epoch - 1) * steps + event.step, self._seconds)
        for name, value in self._values(event.metrics, event.learning_rate, event.gradient_norm):
            self._get(name, "training").add_batch(at, value)

    def _read_epoch(self, event: EpochEnded) -> None:
        self._seconds = max(self._seconds, self._ends.get(event.epoch - 1, 0.0) + event.seconds)
        self._ends[event.epoch] = self._seconds
        at = (float(event.epoch), float(event.epoch * self._steps), self._seconds)
        for name, value in self._values(event.metrics, event.learning_rate, event.gradient_norm):
            role: Role = "validation" if name.startswith("val_") else "training"
            self._get(name.removeprefix("val_"), role).add_epoch(at, value)

    @staticmethod
    def _values(metrics: Mapping[str, float], rate: float | None, norm: float | None) -> Iterable[tuple[str, float]]:
        yield from metrics.items()
        if rate is not None:
            yield RATE, rate
        if norm is not None:
            yield NORM, norm

    def _get(self, figure: str, role: Role) -> Series:
        return self.series.setdefault((figure, role), Series())

    # Marks

    def _read_saved(self, event: Saved) -> None:
        words = _tr("State kept after epoch {epoch}: a new run can branch from here").format(epoch=event.epoch)
        if event.kept:
            self._mark("checkpoint", event.epoch, words)
        else:
            place = self._place(event.epoch, event.step)
            self._newest = Mark("checkpoint", self.run, event.epoch, place, event.message)

    def _mark(self, kind: Kind, epoch: int, words: str, at: Place | None = None) -> None:
        self._marks.append(Mark(kind, self.run, epoch, at or self._place(epoch, 0), words))

    def _place(self, epochs: int, step: int) -> Place:
        """The place after so many whole epochs and a few batches."""
        steps = self._steps or 1
        begin, end = self._ends.get(epochs, self._seconds), self._ends.get(epochs + 1, self._seconds)
        return epochs + step / steps, epochs * steps + step, begin + (end - begin) * step / steps

    def _now(self, epoch: int) -> Place:
        series = self.series.get((LOSS, "training"))
        if series is not None and len(series.batches):
            batches = series.batches
            return float(batches.places(0)[-1]), float(batches.places(1)[-1]), float(batches.places(2)[-1])
        return self._place(epoch - 1, 0)

    def marks(self) -> list[Mark]:
        """What happened on the way: what was kept, changed and found, the newest state, and the best epoch."""
        found = list(self._marks)
        kept = {mark.epoch for mark in found if mark.kind == "checkpoint"}
        if self._newest is not None and self._newest.epoch not in kept:
            found.append(self._newest)
        best = self.progress.best_epoch
        if best and self.progress.best:
            words = _tr("Best epoch: {epoch}").format(epoch=best)
            found.append(Mark("best", self.run, best, self._place(best, 0), words))
        return found


def _until(series: Series, epoch: int) -> Series:
    """The points up to the end of an epoch."""
    kept = Series()
    for old, new in ((series.epochs, kept.epochs), (series.batches, kept.batches)):
        columns = [old.places(axis).tolist() for axis in range(3)]
        for first, second, third, value in zip(*columns, old.y.tolist(), strict=True):
            if first <= epoch:
                new.append(first, value, second, third)
    return kept


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunSeries", text)
