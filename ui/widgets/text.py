"""Words and numbers in the sizes and colours of the look."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import CAPTION, S1, S2
from ui.widgets.basics import set_state


class Text(QLabel):
    """Plain words that wrap.

    Args:
        role: "", "muted", "strong", "caption", "good", "warning", "danger", "code", "heading", "title" or "section".
    """

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None, *, wrap: bool = True) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if role:
            self.setProperty("role", role)

    def set_role(self, role: str) -> None:
        """Change the look of the words."""
        set_state(self, "role", role)


class Title(Text):
    """The page's name, 20 px."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "title", parent)


class Heading(Text):
    """A heading, 15 px."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "heading", parent)


class Caption(Text):
    """Small muted words, 12 px."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "caption", parent)


class BigNumber(QWidget):
    """The one number that matters, with what it means below."""

    def __init__(self, value: str = "", caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._value = Text(value, "big", self, wrap=False)
        self._caption = Caption(caption, self)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self._value)
        layout.addWidget(self._caption)
        self._name()

    def set(self, value: str, caption: str | None = None, exact: str = "") -> None:
        """Show another number; `exact` is told on hover."""
        self._value.setText(value)
        self._value.setToolTip(exact)
        if caption is not None:
            self._caption.setText(caption)
        self._name()

    def keep_lines(self, lines: int) -> None:
        """Keep room for so many lines of the caption, so that what stands below stays where it is."""
        face = QFont(self.font())
        face.setPixelSize(CAPTION)
        self._caption.setMinimumHeight(lines * QFontMetrics(face).lineSpacing())

    @property
    def value(self) -> str:
        return self._value.text()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._value.text()} {self._caption.text()}")


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where there is no room; the whole text is on hover."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self._mode = Qt.TextElideMode.ElideRight
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._full = text
        self.setAccessibleName(text)
        self._elide()
        self.updateGeometry()

    def full_text(self) -> str:
        """The text, nothing left out."""
        return self._full

    def set_elide_mode(self, mode: Qt.TextElideMode) -> None:
        """Where the ellipsis stands."""
        self._mode = mode
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._full) + 4
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, self._mode, max(self.width(), 24))
        if shown != self.text():
            super().setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class SectionHeader(QWidget):
    """A small title over a group, with room for buttons at its right."""

    def __init__(self, text: str, *buttons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, S1, 0, S1)
        layout.setSpacing(S2)
        self.label = Text(text, "section", self, wrap=False)
        layout.addWidget(self.label)
        layout.addStretch(1)
        for button in buttons:
            layout.addWidget(button)

    def set_text(self, text: str) -> None:
        """Change the title."""
        self.label.setText(text)


class Badge(QLabel):
    """A word in a pill; `kind` is "neutral", "accent", "good", "warning" or "danger"."""

    def __init__(self, text: str, kind: str = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("badge", kind)
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, text: str, kind: str) -> None:
        """Show another word in another colour."""
        self.setText(text)
        set_state(self, "badge", kind)
