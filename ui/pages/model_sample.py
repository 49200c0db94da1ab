"""The sample that goes through the model: which one it is, on the canvas; and its form at the selected node."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.canvas.sample import Samples
from ui.canvas.sample_paint import image_of, paint_activation
from ui.canvas.view import CanvasView
from ui.canvas.words import shape_words
from ui.theme import RADIUS, S1, S2, S3, tokens
from ui.widgets import Caption, Card, ElidedLabel, IconButton, SectionHeader, column, row

PICTURE_HEIGHT = 176
WORDS_WIDTH = 168


class SampleBar(Card):
    """In the upper left corner of the canvas: the sample's name and label, whose weights, and another sample."""

    def __init__(self, view: CanvasView, samples: Samples) -> None:
        super().__init__(view, margin=S2)
        self._samples = samples
        self._beside: QWidget | None = None
        self.setObjectName("sample_bar")
        self.setAccessibleName(self.tr("A sample's way through the model"))
        self.name = ElidedLabel("", "strong")
        self.name.setFixedWidth(WORDS_WIDTH)
        self.name.setObjectName("sample_name")
        self.note = ElidedLabel("", "caption")
        self.note.setFixedWidth(WORDS_WIDTH)
        self.note.setObjectName("sample_note")
        other = IconButton("shuffle", self.tr("Another sample"), size=16)
        other.setObjectName("sample_next")
        other.clicked.connect(samples.next)
        self.body.addLayout(row(column(self.name, self.note, spacing=0), other, spacing=S1))
        samples.changed.connect(self.refresh)
        self.hide()

    def stand_below(self, other: QWidget) -> None:
        """Leave room for another card in the same corner while it is shown."""
        self._beside = other
        other.installEventFilter(self)
        self._place()

    def refresh(self) -> None:
        """Follow the answer."""
        samples, answer = self._samples, self._samples.answer
        self.setVisible(samples.on)
        if samples.failure:
            self.name.set_text(self.tr("No sample yet"))
            self.note.set_text(samples.failure)
        elif answer is None:
            self.name.set_text(self.tr("Sending a sample through…"))
            self.note.set_text("")
        else:
            self.name.set_text(f"{answer.sample} · {answer.label}")
            trained = self.tr("weights of %1").replace("%1", answer.run)
            self.note.set_text(trained if answer.run else self.tr("weights not trained yet"))
        self.adjustSize()
        self._place()
        self.raise_()

    def _place(self) -> None:
        below = self._beside is not None and not self._beside.isHidden()
        self.move(S3, S3 + (self._beside.height() + S2 if below and self._beside is not None else 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize):
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        # A click beside the buttons is not for the canvas below.
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.Wheel):
            return True
        return super().event(event)


class SamplePicture(QWidget):
    """One activation, large."""

    def __init__(self, samples: Samples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples, self._node = samples, ""
        self.setObjectName("sample_picture")
        self.setFixedHeight(PICTURE_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(PICTURE_HEIGHT, PICTURE_HEIGHT)

    def show_node(self, node: str) -> None:
        """Show the sample after another node."""
        self._node = node
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        found = self._samples.of(self._node)
        if found is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(tokens().border), 1))
        painter.setBrush(QColor(tokens().window))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        paint_activation(painter, box.adjusted(S2, S2, -S2, -S2), found, image_of(found))


class SamplePanel(QWidget):
    """In the inspector: what the sample is after the selected node, with its range in figures."""

    def __init__(self, samples: Samples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples, self._node = samples, ""
        self.picture = SamplePicture(samples, self)
        self.words = Caption("", self)
        self.words.setObjectName("sample_words")
        layout = column(SectionHeader(self.tr("The sample after this layer")), self.picture, self.words, spacing=S1)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)
        samples.changed.connect(self.refresh)
        self.hide()

    def show_nodes(self, nodes: list[str]) -> None:
        """Follow the selection."""
        self._node = nodes[0] if len(nodes) == 1 else ""
        self.refresh()

    def refresh(self) -> None:
        """Show the answer of this moment; nothing where there is none."""
        found = self._samples.of(self._node)
        self.setVisible(found is not None)
        if found is None:
            return
        self.picture.show_node(self._node)
        kinds = {
            "picture": self.tr("As it is"),
            "maps": self.tr("Its channels, dark is low"),
            "curves": self.tr("Its course over the steps"),
            "bars": self.tr("A bar for each number"),
            "histogram": self.tr("How many numbers are how large"),
        }
        figures = self.tr("%1: %2, from %3 to %4, mean %5, zeros %6")
        for place, words in enumerate(
            (
                kinds[found.kind],
                shape_words(found.shape),
                f"{found.low:.3g}",
                f"{found.high:.3g}",
                f"{found.mean:.3g}",
                f"{100 * found.zeros:.0f} %",
            ),
            start=1,
        ):
            figures = figures.replace(f"%{place}", words)
        self.words.setText(figures + ".")
