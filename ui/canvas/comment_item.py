"""A comment on the canvas, and the field in which it is written."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QPlainTextEdit, QStyleOptionGraphicsItem, QWidget

from ui.canvas.fonts import pixel_font
from ui.theme import BODY, CARD_RADIUS, S2, S3, tokens
from workbench.graph.model import Comment

_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
LEAST_HEIGHT = 36.0


class CommentItem(QGraphicsItem):
    """Words on a note; the origin is its upper left corner. It grows with its words."""

    def __init__(self, comment: Comment) -> None:
        super().__init__()
        self.comment = comment
        self._chosen = False
        self._box = QRectF()
        self.setZValue(-0.5)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)
        self._measure()

    def show_comment(self, comment: Comment) -> None:
        """Show another state of it."""
        self.prepareGeometryChange()
        self.comment = comment
        self._measure()
        self.update()

    def choose(self, chosen: bool) -> None:
        """Show that it is selected."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    @property
    def area(self) -> QRectF:
        """Where it lies in the scene."""
        return self._box.translated(self.pos())

    def _measure(self) -> None:
        width = self.comment.size[0]
        metrics = QFontMetricsF(pixel_font(BODY))
        words = metrics.boundingRect(QRectF(0, 0, width - 2 * S3, 10_000), _WRAP, self.comment.text)
        self._box = QRectF(0, 0, width, max(words.height() + 2 * S2, LEAST_HEIGHT))

    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.warning_wash))
        edge = colours.accent if self._chosen else colours.border
        painter.setPen(QPen(QColor(edge), 2 if self._chosen else 1))
        painter.drawRoundedRect(self._box.adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)
        painter.setFont(pixel_font(BODY))
        painter.setPen(QColor(colours.text))
        painter.drawText(self._box.adjusted(S3, S2, -S3, -S2), _WRAP, self.comment.text)


class CommentField(QPlainTextEdit):
    """Lies over a comment while it is written: Ctrl+Enter or a click elsewhere keeps the words, Escape does not."""

    written = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("comment_field")
        self.setAccessibleName(self.tr("Comment"))
        self.setPlaceholderText(self.tr("A comment. Ctrl+Enter keeps it."))
        self.installEventFilter(self)
        self.hide()

    def open_over(self, area: QRectF, words: str) -> None:
        """Open over an area of the parent with these words."""
        self.setGeometry(area.toAlignedRect())
        self.setPlainText(words)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_field(self, *, keep: bool) -> None:
        """Leave it, and tell the words if they are to be kept."""
        if self.isVisible():
            self.hide()
            if keep:
                self.written.emit(self.toPlainText())
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.key() == Qt.Key.Key_Escape:
                self.close_field(keep=False)
                return True
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.close_field(keep=True)
                return True
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self.close_field(keep=True)
        return super().eventFilter(watched, event)
