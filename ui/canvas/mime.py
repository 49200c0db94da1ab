"""What is carried while a layer is dragged from the palette."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from workbench.catalog.layers import layer_spec

LAYER_MIME = "application/x-keras-workbench-layer"
BLOCK_MIME = "application/x-keras-workbench-block"


def layer_mime(layer: str) -> QMimeData:
    """A layer's class name, to be dropped on a canvas."""
    mime = QMimeData()
    mime.setData(LAYER_MIME, layer.encode())
    return mime


def layer_of(mime: QMimeData) -> str | None:
    """The layer that is carried, or None when it is something else or nothing we know."""
    if not mime.hasFormat(LAYER_MIME):
        return None
    name = bytes(mime.data(LAYER_MIME).data()).decode("utf-8", "replace")
    return name if layer_spec(name) is not None else None


def block_mime(name: str) -> QMimeData:
    """The name of a block of one's own, to be dropped on a canvas."""
    mime = QMimeData()
    mime.setData(BLOCK_MIME, name.encode())
    return mime


def block_of(mime: QMimeData) -> str | None:
    """The block that is carried, or None."""
    return bytes(mime.data(BLOCK_MIME).data()).decode("utf-8", "replace") if mime.hasFormat(BLOCK_MIME) else None
