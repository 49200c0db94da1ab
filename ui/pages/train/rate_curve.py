"""The learning rate over the whole run, drawn before anything is trained."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from ui.plots.themed import ThemedPlot, pen
from ui.plots.words import figure
from ui.theme import theme, tokens
from workbench.project.model import Project
from workbench.project.rates import learning_rate_at

HEIGHT = 148
LEFT = 64
POINTS = 240
USUAL_STEPS = 100
"""Batches an epoch that are drawn where no data are picked yet."""


class RateCurve(ThemedPlot):
    """One line: the plan's learning rate by epoch, warm-up, schedule and stages included."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("epoch"), self.tr("learning rate"), parent=parent)
        self.setObjectName("rate_curve")
        self.setFixedHeight(HEIGHT)
        self.getAxis("left").setWidth(LEFT)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self._line = pg.PlotDataItem(skipFiniteCheck=True)
        self.addItem(self._line)
        self.places: list[float] = []
        self.rates: list[float] = []
        theme().changed.connect(self._colour)
        self._colour()

    def show_plan(self, project: Project) -> None:
        """Draw a project's plan."""
        settings, info = project.training, project.info
        steps = math.ceil(info.train_samples / settings.batch_size) if info else USUAL_STEPS
        steps, epochs = max(1, steps), settings.total_epochs
        last = max(1, steps * epochs - 1)
        batches = sorted({round(place * last / POINTS) for place in range(POINTS + 1)})
        rates = {batch: learning_rate_at(settings, steps, batch) for batch in batches}
        # A schedule may grow beyond all numbers; the first rate of a plan never does.
        self.places = [batch / steps for batch, rate in rates.items() if math.isfinite(rate)]
        self.rates = [rate for rate in rates.values() if math.isfinite(rate)]
        self._line.setData(self.places, self.rates)
        top = max(self.rates) or 1.0
        self.setRange(xRange=(0, epochs), yRange=(0, top * 1.05), padding=0.02)
        words = self.tr("From {first} to {last}; the highest is {top}.")
        told = words.format(first=figure(self.rates[0]), last=figure(self.rates[-1]), top=figure(top))
        self.setToolTip(told)
        self.setAccessibleName(f"{self.tr('Learning rate over the run')}. {told}")

    def _colour(self) -> None:
        self._line.setPen(pen(tokens().accent, 2))
