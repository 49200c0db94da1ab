"""A legend entry: a piece of the line itself and its name; a click hides or shows the curve."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.plots.curve import EPOCH_WIDTH, LiveCurve
from ui.plots.themed import pen
from ui.theme import CAPTION, S1, S2, tokens

SWATCH = 20
HEIGHT = 24


class LegendEntry(QAbstractButton):
    """Shows one curve's line and name; checked while the curve is shown.

    Args:
        curve: The curve that a click hides or shows.
        parent: The widget that holds it.
    """

    def __init__(self, curve: LiveCurve, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve = curve
        self.setText(curve.name)
        self.setAccessibleName(curve.name)
        self.setToolTip(self.tr("Click to hide or show this curve"))
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setPixelSize(CAPTION)
        self.setFont(font)
        self.toggled.connect(self._toggle)

    def sizeHint(self) -> QSize:
        return QSize(SWATCH + S2 + QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * S1, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        line = pen(self.curve.color if self.isChecked() else colors.faint, EPOCH_WIDTH, self.curve.dash)
        painter.setPen(line)
        painter.drawLine(QPointF(S1, middle), QPointF(S1 + SWATCH, middle))
        painter.setPen(QColor(colors.text if self.isChecked() else colors.faint))
        rect = self.rect().adjusted(S1 + SWATCH + S2, 0, 0, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setPen(pen(colors.accent))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), S1, S1)
        painter.end()

    def _toggle(self, shown: bool) -> None:
        self.curve.visible = shown
        self.update()
