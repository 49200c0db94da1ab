"""The menus, made from the actions: one button opens them all; on a Mac they stand in the menu bar too."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QMainWindow, QMenu

from ui.actions import ActionRegistry
from ui.theme import icon, theme

ORDER = ("file", "edit", "view", "go", "data", "model", "train", "evaluate", "deploy", "help")


def menu_title(name: str) -> str:
    """A menu's name in the user's language."""
    titles = {
        "file": "File",
        "edit": "Edit",
        "view": "View",
        "go": "Go",
        "data": "Data",
        "model": "Model",
        "train": "Train",
        "evaluate": "Evaluate",
        "deploy": "Deploy",
        "help": "Help",
    }
    return QCoreApplication.translate("Menus", titles[name])


class Menus(QObject):
    """`top` holds one submenu for each menu that has actions."""

    def __init__(
        self,
        window: QMainWindow,
        actions: ActionRegistry,
        recents: Callable[[], list[Path]],
        open_recent: Callable[[Path], object],
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._recents, self._open_recent = recents, open_recent
        self.top = QMenu(window)
        self.top.setAccessibleName(QCoreApplication.translate("Menus", "Menu"))
        self.menus: dict[str, QMenu] = {}
        for name in ORDER:
            menu = self.menus[name] = QMenu(menu_title(name), self.top)
            menu.aboutToShow.connect(actions.refresh)
            self.top.addMenu(menu)
            if sys.platform == "darwin":
                window.menuBar().addMenu(menu)
        self.recent = QMenu(QCoreApplication.translate("Menus", "Open recent"), self.top)
        self.recent.aboutToShow.connect(self._fill_recent)
        theme().changed.connect(self.build)
        self.build()

    def build(self) -> None:
        """Make the menus again, after actions were added or the look changed."""
        for name, menu in self.menus.items():
            actions = [one for one in self._actions.actions.values() if one.menu == name and one.listed]
            menu.clear()
            menu.menuAction().setVisible(bool(actions))
            for index, action in enumerate(actions):
                if index and action.group != actions[index - 1].group:
                    menu.addSeparator()
                qaction = self._actions.qaction(action.id)
                if action.icon and action.checked is None:
                    qaction.setIcon(icon(action.icon, size=16))
                menu.addAction(qaction)
                if action.id == "file.open":
                    menu.addMenu(self.recent)

    def _fill_recent(self) -> None:
        self.recent.clear()
        for folder in self._recents():
            self.recent.addAction(str(folder), lambda folder=folder: self._open_recent(folder))  # type: ignore[misc]
        if self.recent.isEmpty():
            nothing = self.recent.addAction(QCoreApplication.translate("Menus", "Nothing yet"))
            nothing.setEnabled(False)
