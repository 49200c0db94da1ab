"""One answer of the model: the sample it is about, the answer, how sure it is, and the truth where it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.pages.data_detail import PictureBox
from ui.pages.data_paint import percent
from ui.pages.data_table import rounded
from ui.pages.data_thumbnails import curves, looks_like_picture, picture
from ui.pages.evaluate_bars import ProbabilityBars
from ui.plots.themed import ThemedPlot, pen
from ui.theme import S1, S2, tokens
from ui.widgets import BigNumber, ElidedLabel, Text

SIDE = 184
LARGEST = 1024


class Answer(QWidget):
    """What the model says of one sample."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = ElidedLabel("", "strong")
        self.source.setObjectName("answer_source")
        self.picture = PictureBox(SIDE)
        self.plot = ThemedPlot()
        self.plot.setFixedHeight(120)
        self.plot.setMouseEnabled(x=False, y=False)
        self.number = BigNumber()
        self.number.setObjectName("answer")
        self.truth = Text("")
        self.truth.setObjectName("answer_truth")
        self.bars = ProbabilityBars()
        self.problem = Text("", "danger")
        self.problem.setObjectName("answer_problem")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(S2)
        box.addWidget(self.source)
        box.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.plot)
        box.addSpacing(S1)
        box.addWidget(self.number)
        box.addWidget(self.truth)
        box.addWidget(self.bars)
        box.addWidget(self.problem)
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        for widget in (self.source, self.picture, self.plot, self.number, self.truth, self.bars, self.problem):
            widget.hide()

    def show_sample(self, name: str, raw: Any = None, image: QImage | None = None) -> None:
        """Show what is asked about: a picture, numbers as curves, or only its name."""
        self.clear()
        self.source.set_text(name)
        self.source.show()
        if image is None and looks_like_picture(raw):
            image = picture(raw, LARGEST)
        if image is not None:
            self.picture.show_picture(image)
            self.picture.show()
        elif isinstance(raw, np.ndarray):
            self.plot.clear()
            colours = tokens()
            for number, line in enumerate(curves(raw)):
                self.plot.plot(line, pen=pen(colours.series[number % len(colours.series)], 1.5, number))
            self.plot.show()

    def show_class(self, label: str, shares: Mapping[str, float], truth: str | None = None) -> None:
        """Show a class and how likely each one is."""
        self.problem.hide()
        share = shares[label]
        self.number.set(label, self.tr("{share} sure").format(share=percent(share)), f"{share:.6f}")
        self.number.show()
        self.bars.show_shares(shares)
        self.bars.show()
        self.truth.setVisible(truth is not None)
        if truth is not None:
            right = truth == label
            self.truth.set_role("good" if right else "danger")
            self.truth.setText(self.tr("Right.") if right else self.tr("Wrong: it is “{truth}”.").format(truth=truth))

    def show_value(self, value: float, target: str, truth: float | None = None) -> None:
        """Show a value in the target's own unit."""
        self.problem.hide()
        self.bars.hide()
        self.number.set(rounded(float(f"{value:.6g}")), target, repr(value))
        self.number.show()
        self.truth.setVisible(truth is not None)
        if truth is not None:
            self.truth.set_role("muted")
            self.truth.setText(
                self.tr("The truth is {truth}: off by {off}.").format(
                    truth=rounded(truth), off=rounded(float(f"{value - truth:.4g}"))
                )
            )

    def show_problem(self, words: str) -> None:
        """Say why there is no answer."""
        for widget in (self.number, self.truth, self.bars):
            widget.hide()
        self.problem.setText(words)
        self.problem.show()
