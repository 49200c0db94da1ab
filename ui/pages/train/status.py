"""How far the run is: epoch, time left, speed and best so far as four figures over a thin bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.pages.train.load import LoadMeters
from ui.pages.train.progress import RunProgress, main_figure, metric_title
from ui.plots.words import amount, duration, figure
from ui.theme import S2, S4, S5
from ui.widgets import BigNumber

STEPS = 1000
NONE = "–"
BEST_WIDTH = 148
ROOMY = 800
MANY_EPOCHS = 1000


class RunStatus(QWidget):
    """Four figures and a bar, filled in from a `RunProgress`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epoch = BigNumber(NONE, self.tr("epoch"))
        self.left = BigNumber(NONE, self.tr("time left"))
        self.speed = BigNumber(NONE, self.tr("samples/s"))
        self.best = BigNumber(NONE, self.tr("best so far"))
        self.rate = BigNumber(NONE, self.tr("learning rate"))
        self.best.setMinimumWidth(BEST_WIDTH)
        self.best.keep_lines(2)
        self.bar = QProgressBar()
        self.bar.setObjectName("run_progress")
        self.bar.setAccessibleName(self.tr("Progress of the run"))
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self._numbers = (self.epoch, self.left, self.speed, self.rate, self.best)
        self._row = row = QHBoxLayout()
        for number in self._numbers:
            row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self.load = LoadMeters()
        row.addWidget(self.load, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addLayout(row)
        layout.addWidget(self.bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The figures come first; how busy the machine is has what they leave."""
        gap = S5 if self.width() >= ROOMY else S4
        self._row.setSpacing(gap)
        taken = sum(max(number.minimumSizeHint().width(), number.minimumWidth()) + gap for number in self._numbers)
        self.load.fit(self.width() - taken)

    def show_progress(
        self, progress: RunProgress, *, live: bool = False, finishing: bool = False, stopping: bool = False
    ) -> None:
        """Show how far a run is."""
        if live and progress.load is not None:
            self.load.tell(progress.load)
        else:
            self.load.clear()
        self._show_epoch(progress)
        self._show_time(progress, live, finishing, stopping)
        speed = progress.samples_per_second
        self.speed.set(amount(speed) if speed else NONE, exact=f"{speed:.1f}" if speed else "")
        rate = progress.learning_rate
        self.rate.set(NONE if rate is None else f"{rate:.3g}", exact="" if rate is None else repr(rate))
        name = main_figure(progress.best)
        caption = self.tr("best so far")
        if name:
            caption = self.tr("best {metric}, epoch {epoch}").format(
                metric=metric_title(name), epoch=progress.best_epoch
            )
        value = progress.best.get(name)
        self.best.set(figure(value) if name else NONE, caption, exact="" if value is None else repr(value))
        waiting = live and progress.is_compiling
        self.bar.setRange(0, 0 if waiting else STEPS)
        if not waiting:
            # Qt paints a new value at once, by itself; this way it is painted together with the figures.
            self.bar.setUpdatesEnabled(False)
            self.bar.setValue(round(progress.fraction * STEPS))
            self.bar.setUpdatesEnabled(True)
        self._fit()

    def _show_epoch(self, progress: RunProgress) -> None:
        if progress.epochs < MANY_EPOCHS:
            value = f"{progress.epoch} / {progress.epochs}" if progress.epochs else NONE
            self.epoch.set(value, self.tr("epoch"))
        else:  # two long numbers are too wide for a small window
            self.epoch.set(f"{progress.epoch:,}", self.tr("of {epochs} epochs").format(epochs=f"{progress.epochs:,}"))

    def _show_time(self, progress: RunProgress, live: bool, finishing: bool, stopping: bool) -> None:
        ended = progress.ended
        if not live:
            self.left.set(duration(ended.seconds) if ended else NONE, self.tr("taken"))
            return
        left = progress.seconds_left()
        words = self.tr("time left")
        if ended is not None:
            left, words = None, self.tr("keeping the model…")
        elif stopping:
            left, words = None, self.tr("stopping after this batch")
        elif finishing:
            left, words = None, self.tr("ending after this epoch")
        elif progress.paused:
            left, words = None, self.tr("paused")
        elif progress.is_compiling:
            words = self.tr("compiling the model…")
        self.left.set(NONE if left is None else duration(left), words)

    def clear(self) -> None:
        """Show that there is nothing to tell."""
        self.show_progress(RunProgress())
