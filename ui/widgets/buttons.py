"""Buttons: one primary a page, the rest quiet; the dangerous ones are named by what they destroy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from ui.widgets.basics import set_icon


class _Button(QPushButton):
    kind = "quiet"
    icon_color: str | None = None

    def __init__(self, text: str, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        if icon is not None:
            set_icon(self, icon, self.icon_color)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)


class PrimaryButton(_Button):
    """The page's one filled button."""

    kind = "primary"
    icon_color = "on_accent"


class QuietButton(_Button):
    """Any other button."""


class DangerButton(_Button):
    """A button that destroys something; its text names what."""

    kind = "danger"
    icon_color = "danger"


class LinkButton(_Button):
    """A button that reads as a link in running text."""

    kind = "link"
    icon_color = "accent"


class IconButton(QToolButton):
    """A square button with an icon and a tooltip, which is its name too."""

    def __init__(self, icon: str, tooltip: str, parent: QWidget | None = None, size: int = 20) -> None:
        super().__init__(parent)
        self.setToolTip(tooltip)
        self.setAccessibleName(tooltip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(QSize(size + 12, size + 12))
        set_icon(self, icon, size=size)
