"""Which keys do what on the canvas, as data: the view obeys them, the page lists them as actions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

if TYPE_CHECKING:
    from ui.canvas.view import CanvasView

Command = Callable[["CanvasView"], None]


@dataclasses.dataclass(frozen=True)
class Binding:
    """One command of the canvas.

    Args:
        id: Its name among the window's actions.
        icon: A Lucide name.
        title: What it does, for the command palette.
        keys: Every key that does it; the first is shown.
        command: What is called.
        needs_selection: Whether it does nothing while no layer is selected.
        everywhere: Whether the first key may work in the whole page, not only on the canvas.
    """

    id: str
    icon: str
    title: str
    keys: tuple[str, ...]
    command: Command
    needs_selection: bool = False
    everywhere: bool = False


@cache
def bindings() -> tuple[Binding, ...]:
    """All commands of the canvas."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Canvas", text)

    return (
        Binding("model.add", "plus", tr("Add a layer…"), ("Tab",), lambda view: view.open_quick_add()),
        Binding(
            "model.delete",
            "trash-2",
            tr("Delete layers"),
            ("Del", "Backspace"),
            lambda view: view.editor.delete(),
            True,
        ),
        Binding(
            "model.duplicate",
            "copy-plus",
            tr("Duplicate layers"),
            ("Ctrl+D",),
            lambda view: view.editor.duplicate(),
            True,
            True,
        ),
        Binding("model.copy", "copy", tr("Copy layers"), ("Ctrl+C",), lambda view: view.editor.copy(), True),
        Binding("model.cut", "scissors", tr("Cut layers"), ("Ctrl+X",), lambda view: view.editor.cut(), True),
        Binding("model.paste", "clipboard-paste", tr("Paste layers"), ("Ctrl+V",), lambda view: view.editor.paste()),
        Binding(
            "model.select_all", "square-check", tr("Select all layers"), ("Ctrl+A",), lambda view: view.select_all()
        ),
        Binding(
            "model.rename",
            "pencil",
            tr("Rename the layer"),
            ("F2", "Return", "Enter"),
            lambda view: view.rename_selected(),
            True,
        ),
        Binding(
            "model.earlier", "arrow-up", tr("Move layers up"), ("Alt+Up",), lambda view: view.editor.shift(-1), True
        ),
        Binding(
            "model.later", "arrow-down", tr("Move layers down"), ("Alt+Down",), lambda view: view.editor.shift(1), True
        ),
        Binding(
            "model.fit",
            "maximize",
            tr("Show the whole model"),
            ("Ctrl+0", "Home", "Shift+F"),
            lambda view: view.fit(),
            False,
            True,
        ),
        Binding(
            "model.zoom_in", "zoom-in", tr("Zoom in"), ("Ctrl++", "Ctrl+="), lambda view: view.zoom_by(1.2), False, True
        ),
        Binding(
            "model.zoom_out", "zoom-out", tr("Zoom out"), ("Ctrl+-",), lambda view: view.zoom_by(1 / 1.2), False, True
        ),
        Binding(
            "model.zoom_one",
            "scan",
            tr("Zoom to 100 %"),
            ("Ctrl+Shift+0",),
            lambda view: view.reset_zoom(),
            False,
            True,
        ),
    )


_ARROWS = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
}


@cache
def _by_key() -> dict[int, Command]:
    found: dict[int, Command] = {}
    for binding in bindings():
        for keys in binding.keys:
            found[_combined(keys)] = binding.command
    return found


def _combined(keys: str) -> int:
    sequence: list[QKeyCombination] = [QKeySequence(keys)[0]]  # type: ignore[index]
    return sequence[0].toCombined()


def command_for(event: QKeyEvent) -> Command | None:
    """The command that a key press means, if any."""
    ignored = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
    modifiers = event.modifiers() & ~ignored
    key = Qt.Key(event.key())
    if modifiers == Qt.KeyboardModifier.NoModifier and key in _ARROWS:
        return lambda view: view.step(_ARROWS[key])
    if key == Qt.Key.Key_Plus:  # on many keyboards plus is typed with Shift
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return _by_key().get(QKeyCombination(modifiers, key).toCombined())


def typed_text(event: QKeyEvent) -> str:
    """The letter or figure that was typed, if the key is one."""
    held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    text = event.text()
    return text if not held and text.isalnum() else ""
