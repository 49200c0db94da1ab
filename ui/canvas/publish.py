"""The drawing as a picture for papers and pages: SVG and PDF as lines and letters, PNG at twice the size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from ui.canvas.node_item import NodeItem
from ui.canvas.scene import CanvasScene
from ui.theme import LIGHT, theme
from workbench.core.errors import FileError, UsageError
from workbench.core.files import replacing

FORMATS = ("svg", "pdf", "png")
MARGIN = 16.0
PNG_SCALE = 2.0
MOST_PIXELS = 16_000
DOTS_PER_INCH = 96
_POINTS = 72 / DOTS_PER_INCH


def publish(canvas: CanvasScene, path: Path) -> None:
    """Write the drawing, in the light look and with nothing selected, to a file that ends in .svg, .pdf or .png.

    Args:
        canvas: The drawing as it is on the screen; it looks the same before and after.
        path: What is there is replaced, once the new file is whole.

    Raises:
        UsageError: The file's ending is none of the three, or there is nothing to show.
        FileError: The system refused to write.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise UsageError("A drawing is published as SVG, PDF or PNG.", path.name, "End the name in .svg, .pdf or .png.")
    with _as_published(canvas):
        area = _area(canvas)
        if area.isEmpty():
            raise UsageError("There must be something to publish.", "an empty canvas", "Draw a layer first.")
        with replacing(path) as partial:
            if kind == "png":
                _png(canvas, area, partial)
            else:
                (_svg if kind == "svg" else _pdf)(canvas, area, partial)


def _area(canvas: CanvasScene) -> QRectF:
    area = QRectF()
    for item in canvas.items():
        if item.isVisible():
            area = area.united(item.sceneBoundingRect())
    return area.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN).toAlignedRect().toRectF() if not area.isNull() else area


def _draw(canvas: CanvasScene, area: QRectF, device: QPaintDevice, target: QRectF) -> bool:
    painter = QPainter()
    if not painter.begin(device):
        return False
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    canvas.render(painter, target, area, Qt.AspectRatioMode.KeepAspectRatio)
    return painter.end()


def _svg(canvas: CanvasScene, area: QRectF, path: Path) -> None:
    writer = QSvgGenerator()
    writer.setFileName(str(path))
    writer.setSize(area.size().toSize())
    writer.setViewBox(QRectF(0, 0, area.width(), area.height()))
    writer.setResolution(DOTS_PER_INCH)
    writer.setTitle(canvas.session.project.name)
    _require(_draw(canvas, area, writer, QRectF(0, 0, area.width(), area.height())), path)


def _pdf(canvas: CanvasScene, area: QRectF, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(DOTS_PER_INCH)
    writer.setTitle(canvas.session.project.name)
    size = QPageSize(QSizeF(area.width() * _POINTS, area.height() * _POINTS), QPageSize.Unit.Point)
    layout = QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    writer.setPageLayout(layout)
    _require(_draw(canvas, area, writer, QRectF(0, 0, writer.width(), writer.height())), path)


def _png(canvas: CanvasScene, area: QRectF, path: Path) -> None:
    scale = min(PNG_SCALE, MOST_PIXELS / max(area.width(), area.height()))
    image = QImage((area.size() * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(LIGHT.surface))
    _require(_draw(canvas, area, image, QRectF(image.rect())) and image.save(str(path)), path)


def _require(done: bool, path: Path) -> None:
    if not done:
        raise FileError("The picture could not be written.", path.name, "Choose another folder.")


@contextmanager
def _as_published(canvas: CanvasScene) -> Iterator[None]:
    """The light look, nothing selected, and items painted as lines instead of from their cached pictures."""
    look, selected = theme().tokens, canvas.selection()
    caches = {item: item.cacheMode() for item in canvas.items()}
    canvas.blockSignals(True)
    theme().tokens = LIGHT
    for item in canvas.items():
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        if isinstance(item, NodeItem):
            item.setSelected(False)
    for edge in canvas.edges.values():
        edge.activate(False)
        edge.restyle()
    try:
        yield
    finally:
        theme().tokens = look
        for item, mode in caches.items():
            item.setCacheMode(mode)
        for edge in canvas.edges.values():
            edge.restyle()
        canvas.blockSignals(False)
        canvas.select(selected)
