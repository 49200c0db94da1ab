"""The plots of the Train page: loss, metrics, learning rate and gradient norm of the runs that are looked at."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Mapping, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.moments import later
from ui.pages.train.plot_menu import plot_menu
from ui.pages.train.series import LAST, LOSS, RATE, RunSeries
from ui.pages.train.tools import TrainTools, figure_title
from ui.plots.curve import Line, Role
from ui.plots.live_plot import LivePlot
from ui.pump import TICK_MS
from ui.session import Session
from ui.theme import S3, S4, S5
from ui.widgets import Card, IconButton, Scroll
from workbench.core.events import BatchEnded, Event, RunEnded

REDRAW_S = 0.7
"""How often at most a plot follows a run: a little more often than the pump tells of batches."""
AT_ONCE = 2
"""So many plots are drawn in one tick: more would make it long, and one by one each would cost a waking."""
MIN_PLOT_WIDTH, MIN_PLOT_HEIGHT = 260, 130
LEAST_HEIGHT = 120
"""Of all plots: less than one line of them, so that there is room for a note above; the rest is scrolled to."""
THREE_ABREAST = 960
FIRST_FIGURES = 2


class TrainCurves(QWidget):
    """A plot a figure, as many as are chosen.

    Runs are shown by name; the first one's lines are solid, in the colours of training and validation, the others'
    lie behind it. Events of a run that is not shown are passed over.
    """

    mark_chosen = Signal(object, QPoint)  # Mark, and where on the screen

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.names: Mapping[str, str] = {}
        self.tools = TrainTools()
        self.tools.figures_chosen.connect(self.choose)
        self.tools.changed.connect(self._set_axes)
        self.tools.legend.toggled.connect(self._show_chosen_curves)
        self.plots: dict[str, LivePlot] = {}
        self._cards: dict[str, Card] = {}
        self._drawn: dict[str, float] = {}
        self._came = 0.0
        self._later = later(self.flush, TICK_MS, self)
        self._chosen: tuple[str, ...] = ()
        self._runs: dict[str, RunSeries] = {}
        self._seen: dict[str, int] = {}
        self._known: tuple[object, ...] = ()
        self._placed: list[tuple[str, int, int]] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(S4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S5, 0, S5, S3)
        layout.setSpacing(S3)
        layout.addWidget(self.tools)
        self.area = Scroll()
        self.area.setMinimumHeight(LEAST_HEIGHT)
        self.area.body.addLayout(self._grid, 1)
        layout.addWidget(self.area, 1)
        self._settle()

    @property
    def runs(self) -> list[str]:
        """The runs that are shown."""
        return list(self._runs)

    @property
    def chosen(self) -> list[str]:
        """The figures that are drawn."""
        figures = self._figures()
        chosen = [name for name in figures if name in self._chosen]
        return chosen or [name for name in figures if name not in LAST][:FIRST_FIGURES] or [LOSS]

    def plot(self, figure: str) -> LivePlot:
        """The plot of a figure that is drawn."""
        return self.plots[figure]

    def series(self, run: str) -> RunSeries | None:
        """What is known of a run that is shown."""
        return self._runs.get(run)

    def show_runs(self, runs: Mapping[str, Sequence[Event]], names: Mapping[str, str] | None = None) -> None:
        """Show these runs, with what is known of them, in place of those before.

        Args:
            runs: The events of each, oldest first.
            names: What the legend calls each, where not by its own name.
        """
        names = {run: (names or {}).get(run) or run for run in runs}
        counts = {run: len(events) for run, events in runs.items()}
        if list(runs) == list(self._runs) and counts == self._seen and names == self.names:
            return
        before, seen = self._runs, self._seen
        self._runs, self._seen, self.names = {}, {}, names
        for run, events in runs.items():
            kept = before.get(run)
            fresh = kept is None or seen[run] > len(events)
            known = RunSeries(run) if kept is None or fresh else kept
            for event in events[0 if fresh else seen[run] :]:
                known.read(event)
            self._runs[run], self._seen[run] = known, len(events)
        self._settle()
        self._set_live(False)
        self.flush(now=True)

    def add_events(self, events: Iterable[Event]) -> None:
        """Take in new events of runs that are shown; they are drawn at the next `flush`."""
        marked = ended = False
        for event in events:
            known = self._runs.get(event.run)
            if known is not None:
                known.read(event)
                self._seen[event.run] += 1
                marked = marked or not isinstance(event, BatchEnded)
                ended = isinstance(event, RunEnded)
                self._came = time.monotonic()
        self._set_live(not ended)
        if self._identity() != self._known:
            self._settle()
        elif marked:
            self._show_marks()

    def _set_live(self, live: bool) -> None:
        for plot in self.plots.values():
            plot.set_live(live)

    def flush(self, *, now: bool = False) -> None:
        """Draw what is new, a few plots a tick.

        Args:
            now: Draw everything at once, for the end of a run.
        """
        moment = time.monotonic()
        figures = sorted(self.chosen, key=lambda name: self._drawn.get(name, 0.0))
        stale = [name for name in figures if self._drawn.get(name, 0.0) <= self._came]
        due = figures if now else [name for name in stale if moment - self._drawn.get(name, 0.0) >= REDRAW_S][:AT_ONCE]
        for name in due:
            self.plots[name].flush()
            self._drawn[name] = moment
        waiting = [self._drawn.get(name, 0.0) + REDRAW_S - moment for name in stale if name not in due]
        if waiting:
            self._later.start(max(TICK_MS, round(1000 * min(waiting))))

    def choose(self, figures: Sequence[str]) -> None:
        """Draw these figures."""
        self._chosen = tuple(figures)
        self._settle()
        self.flush(now=True)

    # What is drawn

    def _figures(self) -> list[str]:
        names = dict.fromkeys(name for known in self._runs.values() for name in known.figures)
        return sorted(names, key=lambda name: (name in LAST, name != LOSS))

    def _identity(self) -> tuple[object, ...]:
        """Changes when a series comes or another takes its place."""
        return tuple(
            (run, key, id(series)) for run, known in self._runs.items() for key, series in known.series.items()
        )

    def _settle(self) -> None:
        """Give every chosen figure its plot and its curves."""
        self._known = self._identity()
        chosen = self.chosen
        self.tools.offer(self._figures(), chosen)
        self.tools.legend.show_lines(self._legend_lines())
        for name in chosen:
            plot = self.plots.get(name) or self._make(name)
            plot.show_series(
                {
                    (run, role): (series, self._line(run, role))
                    for run, known in self._runs.items()
                    for (figure, role), series in known.series.items()
                    if figure == name
                }
            )
        self._show_chosen_curves()
        self._show_marks()
        self._arrange()

    def _legend_lines(self) -> dict[Hashable, Line]:
        roles: tuple[Role, Role] = ("training", "validation")
        return {
            (run, role): self._line(run, role)
            for run, known in self._runs.items()
            for role in roles
            if any(key[1] == role for key in known.series)
        }

    def _line(self, run: str, role: Role) -> Line:
        words = self.tr("training") if role == "training" else self.tr("validation")
        name = words if len(self._runs) == 1 else f"{self.names.get(run, run)} {words}"
        return Line(role, name, list(self._runs).index(run))

    def _show_chosen_curves(self) -> None:
        legend = self.tools.legend
        for plot in self.plots.values():
            plot.set_visible({key: legend.is_shown(key) for key in plot.curves})

    def _show_marks(self) -> None:
        first = next(iter(self._runs.values()), None)
        marks = first.marks() if first is not None else []
        for name in self.chosen:
            if name in self.plots:
                self.plots[name].show_marks(marks)

    def _set_axes(self) -> None:
        for plot in self.plots.values():
            self._prepare(plot)
        self._show_marks()

    def _prepare(self, plot: LivePlot) -> None:
        tools = self.tools
        plot.set_axes(
            tools.axis_chosen,
            log_x=tools.log_x.isChecked(),
            log_y=tools.log_y.isChecked(),
            smoothing=0.0 if plot is self.plots.get(RATE) else tools.weight,
        )

    # Plots

    def _make(self, name: str) -> LivePlot:
        plot = self.plots[name] = LivePlot(figure_title(name))
        plot.setObjectName(f"{name}_plot")
        plot.setMinimumSize(MIN_PLOT_WIDTH, MIN_PLOT_HEIGHT)
        plot.pointed.connect(lambda place: self._point(plot, place))
        plot.menu_wanted.connect(lambda place: self._open_menu(name, place))
        plot.marks.chosen.connect(self.mark_chosen)
        button = IconButton("ellipsis", self.tr("Ranges, copies and files of this plot"), size=16)
        button.clicked.connect(lambda: self._open_menu(name, button.mapToGlobal(QPoint(0, button.height()))))
        plot.header.addWidget(button)
        self._prepare(plot)
        card = self._cards[name] = Card(margin=S3)
        card.setParent(self)  # else it is a window of its own until it is placed, and takes the keyboard
        card.body.addWidget(plot)
        # Else a plot with many words over it would be wider than the one beside it.
        card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        card.hide()
        return plot

    def _point(self, source: LivePlot, place: float | None) -> None:
        """The crosshair stands at the same place in every plot."""
        for plot in self.plots.values():
            if plot is not source and plot.isVisible():
                plot.point_at(place)

    def _open_menu(self, name: str, place: QPoint) -> None:
        stem = f"{'-'.join(self._runs) or 'plot'}-{name}"
        plot_menu(self.plots[name], self.session, stem, place).popup(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        chosen = [name for name in self.chosen if name in self._cards]
        columns = _columns(len(chosen), self.width())
        placed = [(name, *divmod(place, columns)) for place, name in enumerate(chosen)]
        if placed == self._placed:
            return
        self._placed = placed
        for name, card in self._cards.items():
            self._grid.removeWidget(card)
            card.setVisible(name in chosen)
        for name, line, place in placed:
            self._grid.addWidget(self._cards[name], line, place)
        for place in range(max(self._grid.columnCount(), self._grid.rowCount())):
            self._grid.setColumnStretch(place, 1 if place < columns else 0)
            self._grid.setRowStretch(place, 1 if place * columns < len(chosen) else 0)


def _columns(count: int, width: int) -> int:
    """How many plots stand side by side."""
    if count == 3:
        return 3 if width >= THREE_ABREAST else 2
    return min(max(count, 1), 2) if count <= 4 else 3
