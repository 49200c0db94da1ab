"""Short questions asked on the canvas itself: a group's name, how many times, a block's name."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from ui.theme import S1, S2
from ui.widgets import Caption

if TYPE_CHECKING:
    from ui.canvas.view import CanvasView

WIDTH = 240
TIMES = "3"


class AskField(QFrame):
    """One line to type in: Enter answers, Escape or a click elsewhere leaves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._answer: Callable[[str], None] | None = None
        self.setObjectName("palette")
        self._title = Caption("")
        self.line = QLineEdit()
        self.line.setObjectName("canvas_answer")
        self.line.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(S2, S2, S2, S2)
        column.setSpacing(S1)
        column.addWidget(self._title)
        column.addWidget(self.line)
        self.setFixedWidth(WIDTH)
        self.hide()

    def ask(self, point: QPoint, title: str, words: str, answer: Callable[[str], None]) -> None:
        """Ask at a point of the parent, with an answer suggested."""
        self._answer = answer
        self._title.setText(title)
        self.line.setAccessibleName(title)
        self.line.setText(words)
        self.line.selectAll()
        self.adjustSize()
        area = self._ground.rect()
        self.move(
            max(min(point.x(), area.right() - self.width()), 0), max(min(point.y(), area.bottom() - self.height()), 0)
        )
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _leave(self, *, answered: bool) -> None:
        if not self.isVisible():
            return
        answer, self._answer = self._answer, None
        self.hide()
        self._ground.setFocus()
        if answered and answer is not None:
            answer(self.line.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
                self._leave(answered=event.key() != Qt.Key.Key_Escape)
                return True
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self._leave(answered=False)
        return super().eventFilter(watched, event)


class Prompts(QObject):
    """Asks what an edit needs to know, beside what it is about."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._visits = itertools.count()
        self.field = AskField(view)

    def _beside(self) -> QPoint:
        view = self._view
        selection = view.canvas.selection()
        if not selection:
            return view.viewport().rect().center()
        return view.mapFromScene(view.canvas.bounds(selection).topRight()) + QPoint(S2, 0)

    def group(self) -> None:
        """Group the selection, then let its name be typed; both are one step to undo."""
        visit = f"group:{next(self._visits)}"
        mark = self._view.editor.groups.group(visit)
        if mark is not None:
            self.rename_group(mark, visit)

    def rename_group(self, mark: str, merge: str | None = None) -> None:
        """Let a group's name be typed."""
        view = self._view
        group = next(group for group in view.canvas.graph.groups if group.id == mark)
        corner = view.mapFromScene(view.canvas.bounds(group.nodes).topLeft()) - QPoint(0, 3 * S2 + S1)
        words = self.tr("Name of the group")
        self.field.ask(corner, words, group.name, lambda name: view.editor.groups.rename(mark, name, merge))

    def repeat(self) -> None:
        """Ask how many times the selection is to stand in a row."""
        editor = self._view.editor
        words = self.tr("How many times in all?")
        self.field.ask(self._beside(), words, TIMES, lambda text: editor.groups.repeat(text))

    def keep_block(self) -> None:
        """Ask under which name the selection is to be kept."""
        blocks = self._view.editor.blocks
        self.field.ask(self._beside(), self.tr("Name of your block"), blocks.suggested(), blocks.keep)
