"""What every widget may need: a reason for being disabled, an icon that follows the look, a styled state."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.theme import icon, theme, tokens


def set_reason(widget: QWidget, reason: str | None) -> None:
    """Disable a widget and let its tooltip say why, or enable it and give its own tooltip back when None."""
    own = widget.property("own_tooltip")
    if own is None:
        own = widget.toolTip()
        widget.setProperty("own_tooltip", own)
    widget.setEnabled(reason is None)
    widget.setToolTip(own if reason is None else reason)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at a widget's dynamic properties again."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_state(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a dynamic property that the style sheet knows ("role", "invalid", "selected"...)."""
    text = str(value).lower() if isinstance(value, bool) else value
    if widget.property(name) != text:
        widget.setProperty(name, text)
        restyle(widget)


def disclose(widget: QWidget, name: str, described: str = "") -> None:
    """Name a widget for screen readers."""
    widget.setAccessibleName(name)
    if described:
        widget.setAccessibleDescription(described)


class _IconFollower(QObject):
    """Gives a button its icon again when the look changes; lives and dies with the button."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self._button = button
        self.name, self.color = "", ""
        theme().changed.connect(self.paint)

    def paint(self) -> None:
        color = getattr(tokens(), self.color, None) if self.color else None
        self._button.setIcon(icon(self.name, color, self._button.iconSize().width()))


def set_icon(button: QAbstractButton, name: str, color: str | None = None, size: int = 16) -> None:
    """Give a button a Lucide icon that follows the look.

    Args:
        button: Any button.
        name: The icon's Lucide name.
        color: The name of a token ("accent", "danger"...); the muted text colour when None.
        size: Pixels a side.
    """
    followers = button.findChildren(_IconFollower)
    follower = followers[0] if followers else _IconFollower(button)
    button.setIconSize(QSize(size, size))
    follower.name, follower.color = name, color or ""
    follower.paint()
