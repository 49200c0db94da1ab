"""A plot as a picture, as a drawing of lines, and as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView

from ui.plots.curve import Line, LiveCurve
from ui.plots.svg import in_place
from ui.plots.themed import pen
from ui.theme import BODY, CAPTION, S2, S3, S4, tokens

SWATCH = 20
_EMPTY_PATH = re.compile(rb'<path[^>]*\sd="\s*"[^>]*/>')
SCALE = 2.0
"""Pictures have so many pixels for one of the screen, so that they stay sharp in print."""


def to_csv(curves: Iterable[tuple[str, LiveCurve]]) -> str:
    """All points of some curves as a table, values exactly: run, series, kind, epoch, step, seconds, value."""
    rows = ["run,series,kind,epoch,step,seconds,value"]
    for run, curve in curves:
        for kind, buffer in (("epoch", curve.series.epochs), ("batch", curve.series.batches)):
            columns = [buffer.places(axis).tolist() for axis in range(3)]
            for epoch, step, seconds, value in zip(*columns, buffer.y.tolist(), strict=True):
                rows.append(f"{run},{curve.line.role},{kind},{epoch:.6g},{step:.10g},{seconds:.6g},{value!r}")
    return "\n".join(rows) + "\n"


def to_png(view: QGraphicsView, title: str, lines: Iterable[Line]) -> bytes:
    """The plot with its title and legend as a PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    to_image(view, title, list(lines)).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def to_image(view: QGraphicsView, title: str, lines: list[Line]) -> QImage:
    """The plot with its title and legend as a picture, twice as fine as on the screen."""
    size = _size(view, lines)
    image = QImage(size * SCALE, QImage.Format.Format_RGB32)
    image.fill(QColor(tokens().raised))
    painter = QPainter(image)
    painter.scale(SCALE, SCALE)
    _draw(painter, view, title, lines)
    painter.end()
    return image


def to_svg(view: QGraphicsView, title: str, lines: Iterable[Line]) -> bytes:
    """The plot with its title and legend as an SVG of lines and words."""
    lines = list(lines)
    size = _size(view, lines)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(QPointF(0, 0), size.toSizeF()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(QPointF(0, 0), size.toSizeF()), QColor(tokens().raised))
    _draw(painter, view, title, lines)
    painter.end()
    # The line through a single point is empty, and an empty path is no SVG.
    return in_place(_EMPTY_PATH.sub(b"", bytes(data.data())))


def _places(view: QGraphicsView, lines: list[Line]) -> list[QPointF]:
    """Where each entry of the legend begins, its base line; those that do not fit go on below."""
    font = QFont(view.font())
    font.setPixelSize(CAPTION)
    metrics = QFontMetrics(font)
    x, base = float(S4), float(S4 + BODY + S2 + CAPTION - 2)
    places: list[QPointF] = []
    for line in lines:
        width = SWATCH + S2 + metrics.horizontalAdvance(line.name)
        if places and x + width > view.width() + S4:
            x, base = float(S4), base + CAPTION + S2
        places.append(QPointF(x, base))
        x += width + S4
    return places


def _head(view: QGraphicsView, lines: list[Line]) -> int:
    places = _places(view, lines)
    return round(places[-1].y() if places else S4 + BODY) + S3


def _size(view: QGraphicsView, lines: list[Line]) -> QSize:
    return QSize(view.width() + 2 * S4, view.height() + _head(view, lines) + S4)


def _draw(painter: QPainter, view: QGraphicsView, title: str, lines: list[Line]) -> None:
    colors = tokens()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont(view.font())
    font.setPixelSize(BODY)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(colors.text))
    painter.drawText(QPointF(S4, S4 + BODY - 2), title)
    font.setPixelSize(CAPTION)
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    for line, place in zip(lines, _places(view, lines), strict=True):
        painter.setPen(pen(line.color, line.width, line.dash, line.opacity))
        painter.drawLine(place + QPointF(0, -4), place + QPointF(SWATCH, -4))
        painter.setPen(QColor(colors.text))
        painter.drawText(place + QPointF(SWATCH + S2, 0), line.name)
    target = QRectF(S4, _head(view, lines), view.width(), view.height())
    # Points are else drawn from a store of small pictures.
    items = [item for item in view.items() if hasattr(item, "setExportMode")]
    for item in items:
        item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0})
    view.render(painter, target, view.viewport().rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
    for item in items:
        item.setExportMode(False)
