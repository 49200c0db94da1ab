"""A page's side panels: two that fold, and the work between them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from ui.theme import LEFT_WIDTH, RIGHT_WIDTH


class Splitter(QSplitter):
    """Left panel, centre, right panel; either side may be missing, and folds to nothing."""

    folded = Signal()

    def __init__(
        self, left: QWidget | None, centre: QWidget, right: QWidget | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.left, self.right = left, right
        self._folded: set[QWidget] = set()
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for side, least in ((left, 180), (centre, 320), (right, 240)):
            if side is not None:
                side.installEventFilter(self)
                side.setMinimumWidth(max(least, side.minimumWidth()) if side is not centre else least)
                self.addWidget(side)
        self.setStretchFactor(self.indexOf(centre), 1)
        widths = ([LEFT_WIDTH] if left else []) + [10_000] + ([RIGHT_WIDTH] if right else [])
        self.setSizes(widths)

    def toggle(self, side: QWidget | None) -> None:
        """Fold a side panel, or unfold it."""
        if side is not None:
            self._fold(side, not side.isHidden())
            self.folded.emit()

    def _fold(self, side: QWidget, folded: bool) -> None:
        if folded:
            self._folded.add(side)
        else:
            self._folded.discard(side)
        side.setVisible(not folded)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A page may show a side when it has something to say; one that the user folded stays folded.
        if event.type() == QEvent.Type.ShowToParent and watched in self._folded and isinstance(watched, QWidget):
            watched.hide()
        return super().eventFilter(watched, event)

    def memory(self) -> list[int]:
        """Widths of the two sides, negative when folded; 0 for a side that is missing."""
        result = []
        for side in (self.left, self.right):
            if side is None:
                result.append(0)
            else:
                width = side.width() or side.minimumWidth()
                result.append(-width if side in self._folded else width)
        return result

    def recall(self, widths: list[int]) -> None:
        """Give the sides the widths that `memory` told."""
        if len(widths) != 2:
            return
        sizes = [10_000]
        for side, width in ((self.left, widths[0]), (self.right, widths[1])):
            if side is None or not width:
                continue
            if (width < 0) != (side in self._folded):
                self._fold(side, width < 0)
            if side is self.left:
                sizes.insert(0, abs(width))
            else:
                sizes.append(abs(width))
        if len(sizes) == self.count():
            total = max(self.width(), 1000)
            centre = 1 if self.left is not None else 0
            sizes[centre] = max(total - (sum(sizes) - 10_000), 320)
            self.setSizes(sizes)
