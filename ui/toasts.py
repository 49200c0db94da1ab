"""Notices at the lower right: small, with an action, never in the way of the work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import MOTION_MS, S2, S3, S4, STATUS_HEIGHT, pixmap, theme, tokens
from ui.widgets import Caption, IconButton, LinkButton, Text

WIDTH = 360
MOST = 3
STAYS_MS = {"info": 6_000, "warning": 12_000, "error": 0}
ICONS = {"info": "info", "warning": "triangle-alert", "error": "circle-alert"}
COLORS = {"info": "accent", "warning": "warning", "error": "danger"}

Deed = tuple[str, Callable[[], object]]


class Toast(QFrame):
    """One notice. An error stays until it is closed; others leave by themselves, not while the pointer is on them."""

    def __init__(self, stack: ToastStack, level: str, words: str, hint: str, deed: Deed | None) -> None:
        super().__init__(stack.window_)
        self.setObjectName("toast")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(words)
        self.setAccessibleDescription(hint)
        self.level, self.words, self.hint = level, words, hint
        self.motion: QPropertyAnimation | None = None
        self._stack = stack
        self._icon = QLabel(self)
        self._icon.setFixedWidth(20)
        text = Text(words, parent=self)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = IconButton("x", self.tr("Close this notice"), self, size=16)
        close.clicked.connect(self.leave)
        column = QVBoxLayout()
        column.setSpacing(S2)
        column.addWidget(text)
        if hint:
            column.addWidget(Caption(hint, self))
        self.button: LinkButton | None = None
        if deed is not None:
            self.button = LinkButton(deed[0], parent=self)
            self.button.clicked.connect(self.leave)
            self.button.clicked.connect(lambda: deed[1]())
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S4, S3, S2, S3)
        layout.setSpacing(S2)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.leave)
        self._stays = STAYS_MS.get(level, 6_000) if deed is None else max(STAYS_MS.get(level, 6_000), 10_000)
        if level == "error":
            self._stays = 0
        theme().changed.connect(self._paint)
        self._paint()
        self._wait()

    def leave(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self._stack.drop(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._wait()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _wait(self) -> None:
        if self._stays:
            self._timer.start(self._stays)

    def _paint(self) -> None:
        color = getattr(tokens(), COLORS.get(self.level, "accent"))
        self._icon.setPixmap(pixmap(ICONS.get(self.level, "info"), color, 20, self.devicePixelRatioF()))


class ToastStack(QObject):
    """The notices of one window, newest lowest."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.window_ = window
        self.toasts: list[Toast] = []
        self.still = False
        window.installEventFilter(self)

    def show(self, level: str, words: str, hint: str = "", deed: Deed | None = None) -> Toast:
        """Show a notice; one that stands there already is not said twice."""
        for toast in self.toasts:
            if (toast.words, toast.hint) == (words, hint):
                self.drop(toast)
                break
        while len(self.toasts) >= MOST:
            self.drop(self.toasts[0])
        toast = Toast(self, level, words, hint, deed)
        self.toasts.append(toast)
        toast.show()
        toast.raise_()
        self.arrange(new=toast)
        return toast

    def drop(self, toast: Toast) -> None:
        """Take a notice away."""
        if toast in self.toasts:
            self.toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self.arrange()

    def _height(self, toast: Toast) -> int:
        toast.ensurePolished()
        layout = toast.layout()
        if layout is None:
            return toast.sizeHint().height()
        layout.activate()
        return layout.totalHeightForWidth(WIDTH) if layout.hasHeightForWidth() else layout.totalSizeHint().height()

    def arrange(self, new: Toast | None = None) -> None:
        """Put every notice at its place."""
        bottom = self.window_.height() - STATUS_HEIGHT - S4
        for toast in reversed(self.toasts):
            toast.resize(WIDTH, self._height(toast))
            place = QPoint(self.window_.width() - WIDTH - S4, bottom - toast.height())
            if toast.motion is not None:
                toast.motion.stop()
            toast.move(place)
            if toast is new and not self.still:
                self._slide(toast, place)
            bottom = place.y() - S2

    def _slide(self, toast: Toast, place: QPoint) -> None:
        motion = QPropertyAnimation(toast, b"pos", toast)
        motion.setDuration(MOTION_MS)
        motion.setStartValue(place + QPoint(0, S4))
        motion.setEndValue(place)
        motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        motion.start()
        toast.motion = motion

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.arrange()
        return super().eventFilter(watched, event)
