"""Which keys do what on the canvas, as data: the view obeys them, the page lists them as actions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, Qt
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
        part: The part of the context menu that it stands in; empty where it stands in none.
    """

    id: str
    icon: str
    title: str
    keys: tuple[str, ...]
    command: Command
    needs_selection: bool = False
    everywhere: bool = False
    part: str = ""


_ARROWS = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
}


@cache
def _by_key() -> dict[int, Command]:
    found: dict[int, Command] = {}
    from ui.canvas.commands import bindings  # the table names what is here

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
    if modifiers == Qt.KeyboardModifier.ControlModifier and key in _ARROWS:
        return lambda view: view.editor.arrange.nudge(_ARROWS[key])
    if key == Qt.Key.Key_Plus:  # on many keyboards plus is typed with Shift
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return _by_key().get(QKeyCombination(modifiers, key).toCombined())


def typed_text(event: QKeyEvent) -> str:
    """The letter or figure that was typed, if the key is one."""
    held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    text = event.text()
    return text if not held and text.isalnum() else ""
