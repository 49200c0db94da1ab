"""What an empty canvas says, and three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QVBoxLayout, QWidget

from ui.canvas.view import CanvasView
from ui.pages.model_presets import apply_preset, suited
from ui.session import Session
from ui.theme import S2, S3
from ui.widgets import Caption, Heading, PrimaryButton, QuietButton, row
from workbench.graph.model import INPUT, OUTPUT

PRESETS = 3


class EmptyCanvas(QFrame):
    """Lies over the lower part of the canvas while there is nothing between input and output."""

    def __init__(self, session: Session, view: CanvasView) -> None:
        super().__init__(view)
        self.session = session
        self._view = view
        self._names: tuple[str, ...] | None = None
        self.setObjectName("empty_canvas")
        self._heading = Heading(self.tr("Drag a layer here, or press Tab and type its name"))
        self._heading.setWordWrap(False)
        self._heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption = Caption()
        self._caption.setWordWrap(False)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._holder = QWidget()
        column = QVBoxLayout(self)
        column.setSpacing(S3)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        column.addWidget(self._heading)
        column.addWidget(self._caption)
        column.addWidget(self._holder, 0, Qt.AlignmentFlag.AlignHCenter)
        self._buttons = QVBoxLayout(self._holder)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        view.installEventFilter(self)
        session.changed.connect(self.refresh)
        session.opened.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show or hide, with the presets that suit the data."""
        empty = all(node.layer in (INPUT, OUTPUT) for node in self.session.project.graph.nodes)
        self.setVisible(empty)
        if not empty:
            return
        has_data = self.session.project.info is not None
        presets = suited(self.session)[:PRESETS] if has_data else ()
        names = tuple(preset.name for preset in presets)
        words = self.tr("or begin with an architecture that suits the data")
        if not has_data:
            words = self.tr("Pick data first: the shapes, and the architectures that suit, follow from them.")
        self._caption.setText(words)
        if names != self._names:
            self._names = names
            self._fill()
        self._place()

    def _fill(self) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            layout = item.layout()
            while layout is not None and (inner := layout.takeAt(0)) is not None:
                widget = inner.widget()
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
        buttons: list[QWidget] = []
        for preset in suited(self.session)[:PRESETS] if self._names else ():
            button = QuietButton(preset.title)
            button.setObjectName(f"begin_{preset.name}")
            button.setToolTip(preset.description)
            button.clicked.connect(lambda _checked=False, chosen=preset: apply_preset(self.session, chosen))
            buttons.append(button)
        if not buttons:
            pick = PrimaryButton(self.tr("Pick data"), "database")
            pick.setObjectName("begin_pick_data_button")
            pick.clicked.connect(lambda: self.session.page_wanted.emit("data"))
            buttons.append(pick)
        self._buttons.addLayout(row(*buttons, spacing=S2))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        area = self._view.rect()
        self.move((area.width() - self.width()) // 2, max(area.height() - self.height() - 72, area.height() // 2 + 96))
