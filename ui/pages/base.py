"""What every page is: a name, an icon, side panels that fold, a dot on the rail, and actions of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.splitter import Splitter

if TYPE_CHECKING:
    from ui.actions import Action
    from ui.session import Session

Dot = Literal["none", "ready", "attention", "running"]


class Page(QWidget):
    """One stage of the work.

    Subclasses set `name`, `title` and `icon`, build themselves in `__init__`, and call `set_panels` or put a layout of
    their own on `self`.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = "circle"

    dot_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.session = session
        self.splitter: Splitter | None = None
        self._dot: Dot = "none"
        self.setAccessibleName(self.heading())

    @classmethod
    def heading(cls) -> str:
        """The title in the user's language."""
        return QCoreApplication.translate("Page", cls.title)

    @property
    def dot(self) -> Dot:
        """The state shown on the rail: nothing yet, ready, needs attention, or running."""
        return self._dot

    def set_dot(self, dot: Dot) -> None:
        """Change the state shown on the rail."""
        if dot != self._dot:
            self._dot = dot
            self.dot_changed.emit()

    def set_panels(self, left: QWidget | None, centre: QWidget, right: QWidget | None) -> Splitter:
        """Fill the page: side panels that fold with Ctrl+B and Ctrl+I, and the work between them."""
        self.splitter = Splitter(left, centre, right, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        return self.splitter

    def shown(self) -> None:
        """Called when the page comes to the front."""

    def hidden(self) -> None:
        """Called when another page takes its place."""

    def actions_here(self) -> list[Action]:
        """The page's own actions; their shortcuts work while the keyboard is in the page."""
        return []
