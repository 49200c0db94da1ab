"""The stage rail: the pages in the order of the work, an icon over a word, with a dot for the state of each."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout, QWidget

from ui.pages.base import Dot
from ui.theme import HEADER_HEIGHT, RADIUS, RAIL_WIDTH, S1, S2, pixmap, theme, tokens

_ICON, _WORD, _HEIGHT = 20, 11, 56


class StageButton(QAbstractButton):
    """One stage of the work."""

    def __init__(self, name: str, title: str, icon: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self._icon, self._dot = name, icon, "none"
        self._title = title
        self.setText(title)
        self.setCheckable(True)
        self.setObjectName(f"stage_{name}")
        self.setToolTip(f"{title}  {keys}")
        self.setFixedSize(RAIL_WIDTH - 1, _HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_dot("none")
        theme().changed.connect(self.update)

    def set_dot(self, dot: Dot) -> None:
        """Show another state."""
        words = {
            "none": "",
            "ready": self.tr("ready"),
            "attention": self.tr("needs attention"),
            "running": self.tr("running"),
        }
        self._dot = dot
        self.setAccessibleName(f"{self._title}, {words[dot]}" if words[dot] else self._title)
        self.update()

    @property
    def dot(self) -> str:
        return self._dot

    def sizeHint(self) -> QSize:
        return QSize(RAIL_WIDTH - 1, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(S1, 2, -S1, -2)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.wash if self.isChecked() else look.hover))
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(QColor(look.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        color = look.accent if self.isChecked() else look.muted
        left, top = (self.width() - _ICON) // 2, 10
        painter.drawPixmap(QPointF(left, top), pixmap(self._icon, color, _ICON, self.devicePixelRatioF()))
        font = QFont(self.font())
        font.setPixelSize(_WORD)
        font.setWeight(QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(QColor(look.accent if self.isChecked() else look.muted))
        painter.drawText(QRect(0, 32, self.width(), 18), Qt.AlignmentFlag.AlignCenter, self._title)
        self._paint_dot(painter, left + _ICON)

    def _paint_dot(self, painter: QPainter, x: float) -> None:
        look = tokens()
        colors = {"ready": look.good, "attention": look.warning, "running": look.accent}
        if self._dot not in colors:
            return
        ground = look.wash if self.isChecked() else look.hover if self.underMouse() else look.surface
        painter.setPen(QPen(QColor(ground), 2))
        painter.setBrush(QColor(colors[self._dot]))
        painter.drawEllipse(QPointF(x + 1, 12), 5, 5)


class Rail(QFrame):
    """The stages, one under the other; up and down move between them."""

    chosen = Signal(str)

    def __init__(self, corner: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(RAIL_WIDTH)
        self.setAccessibleName(self.tr("Stages of the work"))
        self.buttons: dict[str, StageButton] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, S2)
        self._layout.setSpacing(0)
        corner.setFixedHeight(HEADER_HEIGHT)
        self._layout.addWidget(corner, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addSpacing(S1)
        self._layout.addStretch(1)

    def add(self, name: str, title: str, icon: str, keys: str) -> None:
        """Add a stage at the end."""
        button = StageButton(name, title, icon, keys, self)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self.buttons[name] = button
        self._layout.insertWidget(self._layout.count() - 1, button)

    def mark(self, name: str) -> None:
        """Show which page is in front; none of them for a page that is no stage."""
        self._group.setExclusive(False)
        for key, button in self.buttons.items():
            button.setChecked(key == name)
        self._group.setExclusive(name in self.buttons)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        buttons = list(self.buttons.values())
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        focused = next((index for index, button in enumerate(buttons) if button.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
            return
        buttons[(focused + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
