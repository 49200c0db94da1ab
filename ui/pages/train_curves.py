"""The plots of the Train page: the loss, and one metric at a time, of the runs that are looked at."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QMenu, QWidget

from ui.pages.train_progress import metric_title
from ui.plots.curve import LiveCurve, Role
from ui.plots.live_plot import LivePlot
from ui.session import Session
from ui.theme import S4, S5
from ui.widgets import Card, IconButton
from workbench.core import files
from workbench.core.errors import WorkbenchError
from workbench.core.events import BatchEnded, EpochEnded, Event, RunStarted

LOSS = "loss"
REDRAW_S = 0.1
MIN_PLOT_WIDTH = 260


class TrainCurves(QWidget):
    """Loss and metric side by side.

    Runs are shown by name; the first one's lines are solid, the others' dashed. Events of a run that is not shown
    are passed over.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.loss_plot = LivePlot(self.tr("Loss"))
        self.metric_plot = LivePlot(self.tr("Metric"))
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Metric to plot"))
        self.choice.activated.connect(self._choose)
        self.metric_plot.header.insertWidget(1, self.choice)
        self.choice.hide()
        cards = QHBoxLayout(self)
        cards.setContentsMargins(S5, 0, S5, S4)
        cards.setSpacing(S4)
        for plot, name in ((self.loss_plot, "loss_plot"), (self.metric_plot, "metric_plot")):
            plot.setObjectName(name)
            plot.setMinimumWidth(MIN_PLOT_WIDTH)
            self._add_menu(plot)
            card = Card()
            card.body.addWidget(plot)
            cards.addWidget(card, 1)
        self._drawn = {self.loss_plot: 0.0, self.metric_plot: 0.0}
        self._chosen = ""
        self._runs: dict[str, list[Event]] = {}
        self._steps: dict[str, int] = {}

    @property
    def runs(self) -> list[str]:
        """The runs that are shown."""
        return list(self._runs)

    @property
    def chosen(self) -> str:
        """The metric that is shown."""
        return self._chosen

    def show_runs(self, runs: Mapping[str, Iterable[Event]]) -> None:
        """Show these runs, with what is known of them, in place of those before."""
        wanted = {run: list(events) for run, events in runs.items()}
        if list(wanted) == list(self._runs) and all(len(wanted[run]) == len(self._runs[run]) for run in wanted):
            return
        self._runs = wanted
        self._steps = {}
        self._rebuild()

    def add_events(self, events: Iterable[Event]) -> None:
        """Take in new events of runs that are shown; they are drawn at the next `flush`."""
        for event in events:
            if event.run in self._runs:
                self._runs[event.run].append(event)
                self._read(event)

    def flush(self, *, now: bool = False) -> None:
        """Draw what is new: each plot a few times a second, one plot a tick, so that no tick is long.

        Args:
            now: Draw everything at once, for the end of an epoch or of the run.
        """
        moment = time.monotonic()
        plots = sorted(self._drawn, key=lambda plot: self._drawn[plot])
        due = plots if now else [plot for plot in plots if moment - self._drawn[plot] >= REDRAW_S][:1]
        for plot in due:
            plot.flush()
            self._drawn[plot] = moment

    def _rebuild(self) -> None:
        self.loss_plot.clear()
        self.metric_plot.clear()
        self.choice.clear()
        self.choice.hide()
        self._settle_metric()
        for events in self._runs.values():
            for event in events:
                self._read(event)
        self.flush(now=True)

    def _read(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._steps[event.run] = max(1, event.steps_per_epoch)
            case BatchEnded():
                self._learn_metrics(event.metrics)
                at = event.epoch - 1 + event.step / self._steps.get(event.run, event.step)
                for plot, name in self._figures():
                    if name in event.metrics:
                        self._curve(plot, event.run, "training").add_batch(at, event.metrics[name])
            case EpochEnded():
                self._learn_metrics(event.metrics)
                for plot, name in self._figures():
                    if name in event.metrics:
                        self._curve(plot, event.run, "training").add_epoch(event.epoch, event.metrics[name])
                    if f"val_{name}" in event.metrics:
                        value = event.metrics[f"val_{name}"]
                        self._curve(plot, event.run, "validation").add_epoch(event.epoch, value)

    def _figures(self) -> list[tuple[LivePlot, str]]:
        return [(self.loss_plot, LOSS), *([(self.metric_plot, self._chosen)] if self._chosen else [])]

    def _curve(self, plot: LivePlot, run: str, role: Role) -> LiveCurve:
        place = list(self._runs).index(run)
        words = self.tr("training") if role == "training" else self.tr("validation")
        name = words if len(self._runs) == 1 else f"{run} {words}"
        return plot.curve(run, role, name, dash=place)

    def _learn_metrics(self, metrics: Mapping[str, float]) -> None:
        for name in metrics:
            if name == LOSS or name.startswith("val_") or self.choice.findData(name) >= 0:
                continue
            self.choice.addItem(metric_title(name).capitalize(), name)
            self.choice.setVisible(self.choice.count() > 1)
            self.metric_plot.heading.setVisible(self.choice.count() <= 1)
            if self.choice.count() == 1 and self._chosen != name:
                self._chosen = name
            if name == self._chosen:
                self.choice.setCurrentIndex(self.choice.count() - 1)
                self.metric_plot.set_title(metric_title(name).capitalize())

    def _settle_metric(self) -> None:
        """Keep the chosen metric where one of the runs has it, else take the first there is."""
        names = {name for events in self._runs.values() for event in events for name in getattr(event, "metrics", ())}
        if self._chosen not in names:
            self._chosen = ""

    def _choose(self, place: int) -> None:
        self._chosen = str(self.choice.itemData(place))
        self._rebuild()

    def _add_menu(self, plot: LivePlot) -> None:
        button = IconButton("download", self.tr("Save this plot"))
        button.clicked.connect(lambda: self._open_menu(plot, button.mapToGlobal(QPoint(0, button.height()))))
        plot.header.addWidget(button)

    def _open_menu(self, plot: LivePlot, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Save as picture…"), lambda: self._save(plot, ".png"))
        menu.addAction(self.tr("Save numbers as CSV…"), lambda: self._save(plot, ".csv"))
        menu.popup(place)

    def _save(self, plot: LivePlot, suffix: str) -> None:
        name = f"{'-'.join(self._runs) or 'plot'}-{LOSS if plot is self.loss_plot else self._chosen}{suffix}"
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save this plot"), name, f"*{suffix}")
        if chosen:
            self.save_plot(plot, Path(chosen).with_suffix(suffix))

    def save_plot(self, plot: LivePlot, path: Path) -> None:
        """Write a plot as a picture (.png) or as a table of its whole-epoch points (.csv)."""
        try:
            if path.suffix == ".csv":
                files.write_text(path, plot.to_csv())
            else:
                files.write_bytes(path, plot.to_png())
        except WorkbenchError as error:
            self.session.tell("error", error)
