"""An activation as a small drawing: the same on the canvas and in the inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from ui.theme import tokens
from ui.theme.colormap import viridis

if TYPE_CHECKING:
    from workbench.engine.activations import Activation


def image_of(found: Activation) -> QImage | None:
    """The picture of an activation that is one: grey or in colours as it is, maps in viridis."""
    if found.pixels is None:
        return None
    pixels = np.ascontiguousarray(found.pixels)
    height, width = pixels.shape[:2]
    if pixels.ndim == 3:
        return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    if found.kind == "picture":
        return QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
    image = QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable([viridis(place / 255).rgb() for place in range(256)])
    return image


def paint_activation(painter: QPainter, area: QRectF, found: Activation, image: QImage | None) -> None:
    """Draw an activation into an area; a picture keeps its proportions, pixels stay squares."""
    painter.save()
    if image is not None:
        scale = min(area.width() / image.width(), area.height() / image.height())
        size = QRectF(0, 0, image.width() * scale, image.height() * scale)
        size.moveCenter(area.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(size, image)
    elif found.kind == "curves":
        _curves(painter, area, found)
    else:
        _bars(painter, area, found)
    painter.restore()


def _curves(painter: QPainter, area: QRectF, found: Activation) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    span = (found.high - found.low) or 1.0
    for line, colour in zip(found.lines, tokens().series, strict=False):
        step = area.width() / max(len(line) - 1, 1)
        points = [
            QPointF(area.left() + place * step, area.bottom() - (value - found.low) / span * area.height())
            for place, value in enumerate(line)
        ]
        painter.setPen(QPen(QColor(colour), 1.2))
        painter.drawPolyline(QPolygonF(points))


def _bars(painter: QPainter, area: QRectF, found: Activation) -> None:
    """Bars from the line of zero; of one number a class, the highest stands out."""
    heights = found.lines[0] if found.lines else ()
    if not heights:
        return
    low, high = min(0.0, *heights), max(0.0, *heights)
    span = (high - low) or 1.0
    zero = area.bottom() + low / span * area.height()
    step = area.width() / len(heights)
    wide = max(step - (1 if step > 3 else 0), 0.5)
    best = max(range(len(heights)), key=lambda place: heights[place])
    painter.setPen(Qt.PenStyle.NoPen)
    for place, value in enumerate(heights):
        standing_out = found.kind == "bars" and place == best
        painter.setBrush(QColor(tokens().accent if standing_out else tokens().muted))
        height = value / span * area.height()
        painter.drawRect(QRectF(area.left() + place * step, zero - max(height, 0), wide, abs(height)))
