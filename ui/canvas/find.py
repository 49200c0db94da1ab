"""Finding a node by a few letters of its name, class or settings; and going to what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from ui.canvas.view import CanvasView
from ui.fuzzy import score
from ui.theme import S1, S3
from ui.widgets import Caption, Card, IconButton

FIELD_WIDTH = 200
COUNT_WIDTH = 64
CLOSEST = 1.5
MARGIN = 48.0
PLAIN = 60


def zoom_to(view: CanvasView, nodes: Iterable[str], closest: float = CLOSEST) -> None:
    """Bring some nodes into the middle of the view, as large as fits but no larger than `closest`."""
    area, size = view.canvas.bounds(nodes), view.viewport().size()
    if area.isEmpty() or size.isEmpty():
        return
    area.adjust(-MARGIN, -MARGIN, MARGIN, MARGIN)
    wanted = min(size.width() / area.width(), size.height() / area.height(), closest)
    view.zoom_by(wanted / view.zoom)
    view.pan(view.viewport().rect().center() - view.mapFromScene(area.center()))


def matches(words: str, named: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """The ids whose texts answer what was typed: the best first, among equals in their order.

    Letters that are merely scattered over a text count only where nothing answers better.
    """
    found: list[tuple[float, int, str]] = []
    for place, (node, texts) in enumerate(named):
        scores = [value for text in texts if (value := score(words, text)) is not None]
        if scores and max(scores) > 0:
            found.append((-max(scores), place, node))
    plain = [entry for entry in found if -entry[0] >= PLAIN]
    return [node for _, _, node in sorted(plain or found)]


class FindBar(Card):
    """A small field over the canvas: typing goes to the first match, Enter to the next, Shift+Enter back."""

    left = Signal()

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view, margin=S1)
        self._view = view
        self._found: list[str] = []
        self._place = 0
        self.setObjectName("find_bar")
        self.field = QLineEdit()
        self.field.setObjectName("find_field")
        self.field.setAccessibleName(self.tr("Find a layer"))
        self.field.setPlaceholderText(self.tr("Find a layer"))
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.count = Caption()
        self.count.setObjectName("find_count")
        self.count.setMinimumWidth(COUNT_WIDTH)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        before = IconButton("chevron-up", self.tr("The one before (Shift+Enter)"), size=16)
        before.clicked.connect(lambda: self.step(-1))
        after = IconButton("chevron-down", self.tr("The next one (Enter)"), size=16)
        after.clicked.connect(lambda: self.step(1))
        close = IconButton("x", self.tr("Close (Esc)"), size=16)
        close.clicked.connect(self.close_bar)
        line = QHBoxLayout()
        line.setContentsMargins(S1, 0, 0, 0)
        for widget in (self.field, self.count, before, after, close):
            line.addWidget(widget)
        line.setSpacing(S1)
        self.body.addLayout(line)
        view.installEventFilter(self)
        view.canvas.session.opened.connect(self.close_bar)
        self.hide()

    def open_bar(self) -> None:
        """Show the field with what was typed last, ready to be typed over."""
        self.adjustSize()
        self._settle()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_bar(self) -> None:
        """Put the field away; what was found stays selected."""
        if self.isVisible():
            self.hide()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.left.emit()

    @property
    def found(self) -> list[str]:
        """The ids of all matches, the best first."""
        return list(self._found)

    def step(self, way: int) -> None:
        """Go to the next match (1) or the one before (-1), around the ends."""
        self._found = [node for node in self._found if node in self._view.canvas.nodes]
        if self._found:
            self._place = (self._place + way) % len(self._found)
            self._go()

    def _search(self, words: str) -> None:
        self._found = matches(words, self._named()) if words.strip() else []
        self._place = 0
        self._go()

    def _named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        canvas = self._view.canvas
        order = {node: place for place, node in enumerate(canvas.graph.order)}
        for node in sorted(canvas.graph.nodes, key=lambda node: order.get(node.id, len(order))):
            yield node.id, (node.name, node.layer, canvas.facts.of(node).summary)

    def _go(self) -> None:
        if not self._found:
            self.count.setText(self.tr("none") if self.field.text() else "")
            return
        self.count.setText(f"{self._place + 1} / {len(self._found)}")
        node = self._found[self._place]
        self._view.canvas.select([node])
        zoom_to(self._view, [node], max(min(self._view.zoom, CLOSEST), 1.0))

    def _settle(self) -> None:
        self.move(self._view.width() - self.width() - S3, S3)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self._settle()
        elif watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(-1 if back else 1)
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
        return super().eventFilter(watched, event)
