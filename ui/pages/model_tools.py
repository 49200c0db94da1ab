"""The small bar on the canvas: zoom, fit, and the hand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout

from ui.canvas.paper import ZOOM_STEP
from ui.canvas.view import CanvasView
from ui.theme import S1, S3
from ui.widgets import Card, IconButton, LinkButton


class CanvasTools(Card):
    """Lies in the lower left corner of the canvas."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view, margin=S1)
        self._view = view
        self.setAccessibleName(self.tr("View"))
        hand = IconButton("hand", self.tr("Drag the paper (hold Space)"), size=16)
        hand.setCheckable(True)
        hand.toggled.connect(view.set_hand)
        out = IconButton("zoom-out", self.tr("Zoom out (Ctrl+-)"), size=16)
        out.clicked.connect(lambda: view.zoom_by(1 / ZOOM_STEP))
        self.figure = LinkButton("100 %")
        self.figure.setToolTip(self.tr("Zoom to 100 % (Ctrl+Shift+0)"))
        self.figure.ensurePolished()
        self.figure.setMinimumWidth(self.figure.fontMetrics().horizontalAdvance("1000 %") + 2 * S3)
        self.figure.clicked.connect(view.reset_zoom)
        closer = IconButton("zoom-in", self.tr("Zoom in (Ctrl++)"), size=16)
        closer.clicked.connect(lambda: view.zoom_by(ZOOM_STEP))
        fit = IconButton("maximize", self.tr("Show the whole model (Ctrl+0)"), size=16)
        fit.setObjectName("fit_button")
        fit.clicked.connect(view.fit)
        line = QHBoxLayout()
        line.setSpacing(0)
        for button in (hand, out, self.figure, closer, fit):
            line.addWidget(button)
        self.body.addLayout(line)
        view.zoomed.connect(self._show_zoom)
        view.installEventFilter(self)
        self._show_zoom(view.zoom)

    def _show_zoom(self, zoom: float) -> None:
        self.figure.setText(f"{round(100 * zoom)} %")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.adjustSize()
            self.move(S3, self._view.height() - self.height() - S3)
        return super().eventFilter(watched, event)
