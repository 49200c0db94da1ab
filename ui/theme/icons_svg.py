"""Icons: the bundled Lucide outlines, 1.5 px stroke, tinted with a colour and sharp on every screen."""

from __future__ import annotations

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme.current import tokens

STROKE = 1.5


@cache
def _outline(name: str) -> str:
    text = resources.files("ui.theme").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', 'stroke-width="{stroke}"').replace("currentColor", "{color}")


def svg(name: str, color: str, size: int = 20) -> bytes:
    """The outline as an SVG of one colour. The stroke is 1.5 px at `size`, whatever the drawing's own scale."""
    return _outline(name).replace("{color}", color).replace("{stroke}", f"{STROKE * 24 / size:g}").encode()


@cache
def _pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg(name, color, size))).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


def pixmap(name: str, color: str | None = None, size: int = 20, ratio: float = 2.0) -> QPixmap:
    """The icon as a picture of `size` logical pixels, for painting at a device pixel ratio."""
    return _pixmap(name, color or tokens().muted, size, ratio)


@cache
def _icon(name: str, color: str, faint: str, size: int, ratios: tuple[float, ...]) -> QIcon:
    result = QIcon()
    for ratio in ratios:
        result.addPixmap(_pixmap(name, color, size, ratio), QIcon.Mode.Normal)
        result.addPixmap(_pixmap(name, color, size, ratio), QIcon.Mode.Selected)
        result.addPixmap(_pixmap(name, faint, size, ratio), QIcon.Mode.Disabled)
    return result


def icon(name: str, color: str | None = None, size: int = 20) -> QIcon:
    """A bundled Lucide icon by its name, in the muted text colour unless told.

    Ask again when `theme().changed` is told; `ui.widgets.set_icon` does so by itself.
    """
    ratios = tuple(sorted({1.0, 2.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())}))
    look = tokens()
    return _icon(name, color or look.muted, look.strong_border, size, ratios)
