"""A training on the terminal: a live bar on stderr, a line an epoch, the last word."""

from __future__ import annotations

from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from workbench.cli.output import errors, figure
from workbench.core import events


class TrainingView:
    """Shows a run's events to a person."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("epoch"),
            MofNCompleteColumn(),
            BarColumn(),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=errors,
            disable=not errors.is_terminal,
        )
        self._task: TaskID | None = None
        self._steps = 1

    def __enter__(self) -> TrainingView:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, event: events.Event) -> None:
        """Show one event."""
        match event:
            case events.RunStarted():
                self._steps = max(event.steps_per_epoch, 1)
                self._task = self._bar.add_task("", total=event.epochs, completed=event.resumed_epochs, figures="")
                errors.print(
                    f"{event.run}: {event.samples:,} samples, {event.params:,} parameters, on {event.device}",
                    markup=False,
                )
            case events.BatchEnded() if self._task is not None:
                done = event.epoch - 1 + event.step / self._steps
                self._bar.update(self._task, completed=int(done), figures=_figures(event.metrics))
            case events.EpochEnded():
                if self._task is not None:
                    self._bar.update(self._task, completed=event.epoch, figures=_figures(event.metrics))
                errors.print(
                    f"epoch {event.epoch}: {_figures(event.metrics)}  {event.samples_per_second:,.0f} samples/s",
                    markup=False,
                )
            case events.Changed():
                if self._task is not None and event.what == "epochs":
                    self._bar.update(self._task, total=event.after)
                errors.print(event.message, markup=False)
            case events.Notice():
                errors.print(f"{event.message} {event.hint}".rstrip(), markup=False)
            case events.Finding():
                helps = f" {event.remedy['label']}." if event.remedy else ""
                errors.print(f"{event.severity}: {event.message} {event.hint}{helps}", markup=False)
            case events.RunEnded():
                best = f" Best epoch {event.best_epoch}: {_figures(event.metrics)}." if event.best_epoch else ""
                errors.print(f"{event.message}{best} {event.hint}".rstrip(), markup=False)
            case _:
                pass


def _figures(metrics: object) -> str:
    items = metrics.items() if hasattr(metrics, "items") else ()
    return "  ".join(f"{name} {figure(value)}" for name, value in items)
