"""One sample, larger: the picture with crisp pixels, or the numbers as a plot, with its name, label and shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.pages.data_gallery import draw_picture
from ui.pages.data_table import exact
from ui.pages.data_thumbnails import curves, looks_like_picture, picture
from ui.plots.themed import ThemedPlot, pen
from ui.theme import S2, S3, S4, tokens
from ui.widgets import Caption, Heading, IconButton, Line, Text

if TYPE_CHECKING:
    from workbench.data.dataset import Dataset

HEIGHT = 176
LARGEST = 1024


class PictureBox(QWidget):
    """A picture as large as the widget allows, small ones with crisp pixels."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_picture(self, image: QImage) -> None:
        """Show this picture."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_picture(painter, QRect(0, 0, self.width(), self.height()), self._image)


class SampleDetail(QFrame):
    """A strip under the gallery with the sample that was clicked; hidden until then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sample_detail")
        self.setProperty("kind", "panel")
        self.picture = PictureBox(HEIGHT - 2 * S3)
        self.plot = ThemedPlot()
        self.plot.setMouseEnabled(x=False, y=False)
        self.title = Heading("")
        self.label = Text("", wrap=False)
        self.note = Caption("")
        for words in (self.title, self.label, self.note):
            words.setWordWrap(False)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = IconButton("x", self.tr("Hide this sample"))
        close.clicked.connect(self.clear)
        words_box = QVBoxLayout()
        words_box.setSpacing(S2)
        words_box.addWidget(self.title)
        words_box.addWidget(self.label)
        words_box.addWidget(self.note)
        words_box.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Line())
        line = QHBoxLayout()
        outer.addLayout(line, 1)
        line.setContentsMargins(S4, S3, S3, S3)
        line.setSpacing(S4)
        line.addWidget(self.picture)
        line.addLayout(words_box)
        line.addWidget(self.plot, 1)
        line.addStretch(0)
        line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(HEIGHT)
        self.hide()

    def clear(self) -> None:
        """Take the strip away."""
        self.hide()

    def show_sample(self, dataset: Dataset, index: int, raw: Any) -> None:
        """Show one sample of a dataset."""
        self.title.setText(dataset.sample_name(index))
        lines = []
        for place, target in enumerate(dataset.info.targets):
            label = dataset.label(index, place)
            words = label if isinstance(label, str) else exact(float(label))
            lines.append(self.tr("{target}: {label}").format(target=target.name or self.tr("Class"), label=words))
        self.label.setText("\n".join(lines))
        as_picture = looks_like_picture(raw)
        self.picture.setVisible(as_picture)
        self.plot.setVisible(not as_picture)
        if as_picture:
            self.picture.show_picture(picture(raw, LARGEST))
            size = self.tr("{width} × {height} pixels").format(width=raw.shape[1], height=raw.shape[0])
            self.note.setText(size)
        else:
            self._draw(np.asarray(raw))
        self.show()

    def _draw(self, array: np.ndarray) -> None:
        colours = tokens()
        self.plot.clear()
        for number, line in enumerate(curves(array)):
            self.plot.plot(line, pen=pen(colours.series[number % len(colours.series)], 1.5, number))
        self.note.setText(self.tr("shape {shape}").format(shape=" × ".join(str(side) for side in array.shape)))
