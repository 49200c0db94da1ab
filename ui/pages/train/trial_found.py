"""What the range test and the batch-size finder found: the measured curve, a sentence, and a button that takes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.plots.found_plot import FoundPlot, Place
from ui.plots.words import figure
from ui.theme import S3, S4
from ui.widgets import Caption, Card, QuietButton, Text, column, row, set_reason

if TYPE_CHECKING:
    from workbench.engine.trying.batches import BatchTest, BatchTime
    from workbench.engine.trying.rates import RateTest

MB = 1e6
MOST_NAMED = 7
"""More sizes than these have no room for all their numbers under a plot."""


class FoundView(Card):
    """A sentence and its button over plots; `wanted` asks for the remedy."""

    wanted = Signal(object)  # Remedy

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._remedy: Mapping[str, Any] | None = None
        self.words = Text("")
        self.hint = Caption("")
        self.hint.setWordWrap(False)
        self.button = QuietButton("", "check")
        self.button.setToolTip(self.tr("Change the plan so; undo takes it back"))
        self.button.clicked.connect(lambda: self.wanted.emit(self._remedy))
        self.plots = QHBoxLayout()
        self.plots.setSpacing(S4)
        head = row(spacing=S3)
        head.addWidget(self.words, 1)
        head.addWidget(self.button)
        self.body.addLayout(column(head, self.hint, spacing=S3))
        self.body.addLayout(self.plots, 1)

    def _say(self, message: str, remedy: Mapping[str, Any] | None) -> None:
        self._remedy = remedy
        self.words.setText(message)
        self.button.setVisible(remedy is not None)
        if remedy is not None:
            self.button.setText(str(remedy["label"]))

    def set_reasons(self, reason: Callable[[Mapping[str, Any]], str | None]) -> None:
        """Ask why the remedy cannot be taken now."""
        if self._remedy is not None:
            set_reason(self.button, reason(self._remedy))


class RateView(FoundView):
    """Loss against learning rate, with the suggested rate, and the rate from which on the loss rises."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = FoundPlot(self.tr("learning rate"), self.tr("loss, smoothed"), parent=self)
        self.plot.pointed.connect(self._point)
        self.plots.addWidget(self.plot)

    def tell(self, found: RateTest) -> None:
        """Show what a range test found."""
        self._say(found.message, found.remedy)
        places = []
        if found.suggested is not None:
            words = self.tr("suggested {rate}").format(rate=f"{found.suggested:g}")
            places.append(Place(found.suggested, words, "good"))
        if found.highest is not None:
            words = self.tr("rises beyond {rate}").format(rate=f"{found.highest:.2g}")
            places.append(Place(found.highest, words, "warning", dash=2, level=1))
        self.plot.tell(found.rates, found.losses, places, found.message, zero=False, top=_top(found.losses))
        self._point(None)

    def _point(self, number: int | None) -> None:
        if number is None:
            words = self.tr("The rate grows from step to step. Point at the line to read it.")
        else:
            words = self.tr("Learning rate {rate}: loss {loss}").format(
                rate=f"{self.plot.x[number]:.3g}", loss=figure(self.plot.y[number])
            )
        self.hint.setText(words)


def _top(losses: Sequence[float]) -> float:
    """Up to where a curve of losses tells something: how far they rise after their fall does not."""
    if not losses:
        return math.inf
    low = min(range(len(losses)), key=losses.__getitem__)
    highest, lowest = max(losses[: low + 1]), losses[low]
    return highest + max(highest - lowest, 0.1 * abs(lowest))


class BatchView(FoundView):
    """Samples a second, and memory, against the batch size, with the suggested one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: tuple[BatchTime, ...] = ()
        self._too_large: int | None = None
        self.speed = FoundPlot(self.tr("batch size"), self.tr("samples/s"), dots=True, parent=self)
        self.memory = FoundPlot(self.tr("batch size"), self.tr("memory needed (MB)"), dots=True, parent=self)
        for plot in (self.speed, self.memory):
            plot.pointed.connect(self._point)
            self.plots.addWidget(plot, 1)

    def tell(self, found: BatchTest) -> None:
        """Show what the finder found."""
        self._say(found.message, found.remedy)
        self._sizes = tuple(one for one in found.sizes if one.fits)
        self._too_large = next((one.size for one in found.sizes if not one.fits), None)
        places = []
        if found.suggested is not None:
            places = [Place(found.suggested, self.tr("suggested {size}").format(size=found.suggested), "good")]
        sizes = [one.size for one in self._sizes]
        self.speed.tell(sizes, [one.samples_per_second for one in self._sizes], places, found.message, zero=True)
        memory = [one.memory / MB for one in self._sizes]
        self.memory.tell(sizes, memory, places, self.tr("Memory needed by batch size"), zero=True)
        named = sizes if len(sizes) <= MOST_NAMED else sizes[::2]
        for plot in (self.speed, self.memory):
            plot.name_ticks([(size, str(size)) for size in named])
        self._point(None)

    def _point(self, number: int | None) -> None:
        if number is not None:
            one = self._sizes[number]
            words = self.tr("Batches of {size}: {speed} samples/s, {memory} MB").format(
                size=one.size, speed=f"{one.samples_per_second:,.0f}", memory=f"{one.memory / MB:,.0f}"
            )
        elif self._too_large is not None:
            words = self.tr("Batches of {size} and more do not fit the memory.").format(size=self._too_large)
        else:
            words = self.tr("A few steps were timed with each size. Point at a dot to read it.")
        self.hint.setText(words)
