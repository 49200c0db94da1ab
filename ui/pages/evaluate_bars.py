"""A prediction's probabilities as bars, the likeliest first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.pages.data_paint import font, percent
from ui.theme import CAPTION, S1, S2, tokens

ROW = 24
MOST = 10
LEAST = 0.0005


class ProbabilityBars(QWidget):
    """One bar a class, at most ten; the first is the answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: list[tuple[str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("probability_bars")

    def show_shares(self, shares: Mapping[str, float]) -> None:
        """Show the probability of each class."""
        self._shares = sorted(shares.items(), key=lambda pair: -pair[1])[:MOST]
        self.setAccessibleName(self.tr("Probabilities"))
        self.setAccessibleDescription(", ".join(f"{name}: {percent(share)}" for name, share in self._shares))
        self.setToolTip("\n".join(f"{name}: {share:.6f}" for name, share in self._shares))
        self.updateGeometry()
        self.update()

    @property
    def shares(self) -> list[tuple[str, float]]:
        """What is shown, the likeliest first."""
        return list(self._shares)

    def sizeHint(self) -> QSize:
        return QSize(200, ROW * len(self._shares))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW * len(self._shares))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(CAPTION, bold=True))
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name, _ in self._shares), default=0)
        names = min(widest + S2, self.width() * 0.4)
        number = metrics.horizontalAdvance(percent(1)) + S2
        for row, (name, share) in enumerate(self._shares):
            top = row * ROW
            first = row == 0
            painter.setFont(font(CAPTION, bold=first))
            painter.setPen(QColor(colours.text if first else colours.muted))
            words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(names - S1))
            painter.drawText(QRectF(0, top, names, ROW), middle | Qt.AlignmentFlag.AlignLeft, words)
            track = QRectF(names, top + 7, self.width() - names - number, ROW - 14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.border))
            painter.drawRoundedRect(track, 3, 3)
            if share >= LEAST:
                painter.setBrush(QColor(colours.accent if first else colours.strong_border))
                filled = QRectF(track.left(), track.top(), max(3.0, track.width() * share), track.height())
                painter.drawRoundedRect(filled, 3, 3)
            painter.setPen(QColor(colours.text if first else colours.muted))
            figure = QRectF(self.width() - number, top, number, ROW)
            painter.drawText(figure, middle | Qt.AlignmentFlag.AlignRight, percent(share))
