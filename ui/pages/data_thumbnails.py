"""Small pictures of samples: made from raw samples off the GUI thread, kept for a while, asked for by views."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from ui.moments import later
from ui.theme import tokens
from workbench.core.errors import WorkbenchError

if TYPE_CHECKING:
    from ui.session import Session
    from workbench.data.dataset import Dataset

SIDE = 160
KEPT = 3000
BATCH = 48
CURVES = 4


def picture(array: np.ndarray, side: int | None = None) -> QImage:
    """The picture in an array.

    Args:
        array: uint8 `[H, W]` or `[H, W, C]` with 1, 3 or 4 channels.
        side: Larger pictures are shrunk to fit a square of this many pixels; None keeps the size.
    """
    if array.ndim == 2:
        array = array[:, :, None]
    channels = array.shape[2]
    if channels == 1:
        form, array = QImage.Format.Format_Grayscale8, array[:, :, 0]
    elif channels == 4:
        form = QImage.Format.Format_RGBA8888
    else:
        form, array = QImage.Format.Format_RGB888, array[:, :, :3]
    array = np.ascontiguousarray(array, dtype=np.uint8)
    height, width = array.shape[:2]
    # The copy owns its bytes; the array's may go before the picture does.
    image = QImage(array.tobytes(), width, height, array.strides[0], form).copy()
    if side is not None and max(width, height) > side:
        image = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return image


def curves(array: np.ndarray) -> list[np.ndarray]:
    """The lines that show an array: one for a vector, one a channel for a series, at most four."""
    values = np.asarray(array, dtype=np.float64)
    if values.ndim <= 1:
        return [values.reshape(-1)]
    series = values.reshape(values.shape[0], -1)
    return [series[:, channel] for channel in range(min(series.shape[1], CURVES))]


def sparkline(array: np.ndarray, side: int, ink: QColor) -> QImage:
    """A small drawing of an array of numbers as lines."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    lines = [line[np.isfinite(line)] for line in curves(array)]
    lines = [line for line in lines if line.size]
    if not lines:
        return image
    low, high = min(line.min() for line in lines), max(line.max() for line in lines)
    span = (high - low) or 1.0
    margin = side * 0.1
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, line in enumerate(lines):
        colour = QColor(ink)
        colour.setAlphaF(1.0 - 0.2 * number)
        painter.setPen(QPen(colour, max(side / 80, 1.0)))
        line = line[:: max(1, line.size // side)]
        across = np.linspace(margin, side - margin, line.size) if line.size > 1 else np.array([side / 2])
        up = side - margin - (line - low) / span * (side - 2 * margin)
        points = [QPointF(float(x), float(y)) for x, y in zip(across, up, strict=True)]
        if len(points) == 1:
            painter.drawEllipse(points[0], 2, 2)
        else:
            painter.drawPolyline(QPolygonF(points))
    painter.end()
    return image


def looks_like_picture(raw: object) -> bool:
    """Whether a raw sample is a picture rather than numbers."""
    if not isinstance(raw, np.ndarray) or raw.dtype != np.uint8:
        return False
    return raw.ndim == 2 or (raw.ndim == 3 and raw.shape[2] in (1, 3, 4))


def thumbnail(raw: Any, ink: QColor) -> QImage:
    """The small picture of a raw sample; empty for table rows."""
    if isinstance(raw, np.ndarray):
        return picture(raw, SIDE) if looks_like_picture(raw) else sparkline(raw, SIDE, ink)
    return QImage()


class Thumbnails(QObject):
    """The thumbnails of one dataset's samples.

    `get` answers at once, with None for a picture that is still to be made; `ready` tells the sample numbers whose
    pictures have come. The pictures asked for last are made first, since those are the ones in view.
    """

    ready = Signal(set)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._dataset: Dataset | None = None
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._busy = False
        self._timer = later(self._make, 0, self)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show another dataset's samples; None forgets all."""
        if dataset is self._dataset:
            return
        self._dataset = dataset
        self.forget()

    def forget(self) -> None:
        """Drop every picture; for another dataset or another theme."""
        self._pictures.clear()
        self._wanted.clear()

    def get(self, index: int) -> QImage | None:
        """The picture of a sample, or None while it is being made."""
        image = self._pictures.get(index)
        if image is not None:
            self._pictures.move_to_end(index)
            return image
        self._wanted[index] = None
        self._wanted.move_to_end(index)
        if not self._busy and not self._timer.isActive():
            self._timer.start()
        return None

    def _make(self) -> None:
        dataset = self._dataset
        if dataset is None or not self._wanted or self._busy:
            return
        batch = [self._wanted.popitem()[0] for _ in range(min(BATCH, len(self._wanted)))]
        if len(self._wanted) > 10 * BATCH:
            self._wanted.clear()  # scrolled past long ago; asked for again when in view
        ink = QColor(tokens().accent)
        self._busy = True

        def work(token: Any, progress: Any) -> dict[int, QImage]:
            made = {}
            for index in batch:
                token.raise_if_stopped()
                try:
                    made[index] = thumbnail(dataset.raw(index), ink)
                except WorkbenchError:
                    made[index] = QImage()  # the file vanished since the data were read
            return made

        task = self._session.run_task(
            self.tr("Drawing samples"), work, lambda made: self._take(dataset, made), visible=False
        )
        task.ended.connect(self._go_on)

    def _take(self, dataset: Dataset, made: dict[int, QImage]) -> None:
        if dataset is not self._dataset:
            return
        self._pictures.update(made)
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)
        self.ready.emit(set(made))

    def _go_on(self) -> None:
        self._busy = False
        if self._wanted:
            self._timer.start()
