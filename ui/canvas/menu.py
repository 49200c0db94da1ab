"""The canvas's context menu, made from the table of commands: what suits the spot, in parts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ui.canvas.commands import bindings
from ui.canvas.keys import Binding
from ui.canvas.view import CanvasView
from ui.theme import icon

_SUBMENUS = ("arrange",)


def context_menu(view: CanvasView) -> QMenu:
    """A menu for what is selected."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chosen = view.has_selection
    part, under = "", menu
    for binding in bindings():
        if not binding.part or (binding.needs_selection and not chosen):
            continue
        if binding.part != part:
            menu.addSeparator()
            part = binding.part
            title = QCoreApplication.translate("Canvas", "Arrange")
            under = menu.addMenu(icon("layout-grid", size=16), title) if part in _SUBMENUS else menu
        under.addAction(_row(binding, view, under))
    return menu


def _row(binding: Binding, view: CanvasView, menu: QMenu) -> QAction:
    action = QAction(icon(binding.icon, size=16), binding.title, menu)
    if binding.keys:
        action.setShortcut(binding.keys[0])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda _checked=False: binding.command(view))
    return action
