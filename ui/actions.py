"""Every action as data, shared by the menus, the command palette and the buttons."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

Menu = Literal["file", "edit", "view", "go", "data", "model", "train", "evaluate", "deploy", "help"]


@dataclasses.dataclass(frozen=True)
class Action:
    """Something the user can do.

    Args:
        id: A lasting name ("file.save").
        title: What it does, as a verb.
        run: Does it.
        menu: The menu it stands in.
        shortcut: A standard key where there is one, else a key sequence as text.
        icon: A Lucide name.
        reason: Why it cannot be done now, or None when it can.
        checked: For a switch: whether it is on.
        words: Further words to find it by.
        group: Actions of one group stand together, a line between groups.
        listed: Whether it stands in its menu; if not, it is found by its words only.
    """

    id: str
    title: str
    run: Callable[[], object]
    menu: Menu
    shortcut: QKeySequence.StandardKey | str | None = None
    icon: str = ""
    reason: Callable[[], str | None] | None = None
    checked: Callable[[], bool] | None = None
    words: str = ""
    group: int = 0
    listed: bool = True

    @property
    def keys(self) -> QKeySequence:
        """The shortcut, empty where there is none."""
        if self.shortcut is None:
            return QKeySequence()
        if isinstance(self.shortcut, str):
            return QKeySequence(self.shortcut)
        bound = QKeySequence.keyBindings(self.shortcut)
        return bound[0] if bound else QKeySequence()

    def why_not(self) -> str | None:
        """Why it cannot be done now."""
        return self.reason() if self.reason is not None else None


class ActionRegistry(QObject):
    """All actions by id, each with one QAction for menus and shortcuts."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.actions: dict[str, Action] = {}
        self._qactions: dict[str, QAction] = {}

    def add(self, actions: Iterable[Action], owner: QWidget | None = None) -> None:
        """Register actions. With an `owner` their shortcuts work only while the keyboard is inside it."""
        for action in actions:
            if action.id in self.actions:
                raise ValueError(f"two actions are called {action.id}")
            self.actions[action.id] = action
            qaction = QAction(action.title, self._window)
            qaction.setObjectName(action.id)
            qaction.setShortcut(action.keys)
            qaction.setCheckable(action.checked is not None)
            qaction.triggered.connect(lambda _checked=False, name=action.id: self.run(name))
            if owner is None:
                self._window.addAction(qaction)
            else:
                qaction.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                owner.addAction(qaction)
            self._qactions[action.id] = qaction
        self.refresh()

    def qaction(self, name: str) -> QAction:
        """The QAction of that id."""
        return self._qactions[name]

    def run(self, name: str) -> bool:
        """Do an action if it can be done; returns whether it was."""
        action = self.actions[name]
        if action.why_not() is not None:
            return False
        action.run()
        self.refresh()
        return True

    def refresh(self) -> None:
        """Bring enabled states and checks up to date."""
        for name, action in self.actions.items():
            qaction = self._qactions[name]
            reason = action.why_not()
            qaction.setEnabled(reason is None)
            qaction.setStatusTip(reason or "")
            if action.checked is not None:
                qaction.setChecked(action.checked())
