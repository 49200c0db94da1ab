"""A titled part of a form that opens and closes, and says while closed whether something in it is set."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.theme import S2, S3
from ui.widgets import Badge, Line


class Fold(QWidget):
    """A hairline, a title to press, and what it opens; put widgets in with `fold.body.addWidget(...)`.

    Args:
        title: The words to press.
        name: For tests and screen readers.
    """

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"fold_{name}")
        self.button = QToolButton()
        self.button.setObjectName(f"unfold_{name}")
        self.button.setAutoRaise(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(lambda: self.unfold(self.is_folded))
        self.badge = Badge("", "accent")
        self.badge.hide()
        self._holder = QWidget()
        self.body = QVBoxLayout(self._holder)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(S3)
        head = QHBoxLayout()
        head.setSpacing(S2)
        head.addWidget(self.button, 1)
        head.addWidget(self.badge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S2)
        column.addWidget(Line())
        column.addLayout(head)
        column.addWidget(self._holder)
        self.set_title(title)
        self.unfold(False)

    @property
    def is_folded(self) -> bool:
        """Whether it is closed."""
        return self._holder.isHidden()

    def unfold(self, wanted: bool) -> None:
        """Open or close it."""
        self._holder.setVisible(wanted)
        self.button.setArrowType(Qt.ArrowType.DownArrow if wanted else Qt.ArrowType.RightArrow)

    def set_title(self, title: str) -> None:
        """Change the words to press."""
        self.button.setText(title)

    def set_count(self, number: int) -> None:
        """Say how many settings in it are not at their default."""
        self.badge.setText(self.tr("{number} set").replace("{number}", str(number)))
        self.badge.setVisible(number > 0)
        self.badge.setToolTip(self.tr("So many settings in here differ from their default"))
