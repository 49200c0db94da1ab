"""A grid of samples that stays light with any number of them: a model of sample numbers, painted tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.pages.data_paint import draw_line, font
from ui.pages.data_thumbnails import Thumbnails
from ui.theme import CAPTION, S1, S2, tokens

if TYPE_CHECKING:
    from workbench.data.dataset import Dataset

PICTURE = 88
TILE_ROLE = Qt.ItemDataRole.UserRole
INDEX_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Tile:
    """What stands under a sample's picture: a title, a second line, and whether it is marked as right or wrong."""

    title: str
    note: str = ""
    mark: Literal["none", "good", "bad"] = "none"
    words: str = ""


class SamplesModel(QAbstractListModel):
    """Sample numbers in the order shown; a tile is described and its picture made only when a view asks."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._samples = np.zeros(0, dtype=np.int64)
        self._rows: dict[int, int] = {}
        self._describe: Callable[[int], Tile] = lambda row: Tile("")
        thumbnails.ready.connect(self._pictures_came)

    @property
    def samples(self) -> np.ndarray:
        """The sample numbers, in the order shown."""
        return self._samples

    def show(
        self, dataset: Dataset | None, samples: Sequence[int] | np.ndarray, describe: Callable[[int], Tile]
    ) -> None:
        """Show these samples of a dataset; `describe` is given a position in `samples`."""
        self.beginResetModel()
        self._thumbnails.set_dataset(dataset)
        self._samples = np.asarray(samples, dtype=np.int64)
        self._rows = {int(sample): row for row, sample in enumerate(self._samples)}
        self._describe = describe
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._samples)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._samples):
            return None
        if role == INDEX_ROLE:
            return int(self._samples[index.row()])
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnails.get(int(self._samples[index.row()]))
        if role not in (
            TILE_ROLE,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        tile = self._describe(index.row())
        if role == TILE_ROLE:
            return tile
        if role == Qt.ItemDataRole.DisplayRole:
            return tile.title
        return tile.words or tile.title

    def _pictures_came(self, samples: set[int]) -> None:
        rows = [self._rows[sample] for sample in samples if sample in self._rows]
        if rows:
            changed = [Qt.ItemDataRole.DecorationRole]
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)), changed)


class TileDelegate(QStyledItemDelegate):
    """Paints a tile: the picture, its title, its note, a ring when chosen and a coloured edge when right or wrong."""

    def __init__(self, notes: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes = notes

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = 2 if self._notes else 1
        return QSize(PICTURE + 2 * S2, PICTURE + 3 * S1 + lines * 16 + S1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = tokens()
        tile: Tile = index.data(TILE_ROLE)
        frame = QRectF(option.rect).adjusted(2, 2, -2, -2)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(QColor(colours.wash))
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.wash))
            painter.drawRoundedRect(frame, 6, 6)
        area = QRect(int(frame.center().x() - PICTURE / 2), int(frame.top() + S1), PICTURE, PICTURE)
        draw_picture(painter, area, index.data(Qt.ItemDataRole.DecorationRole))
        line = QRect(int(frame.left()) + S1, area.bottom() + 3, int(frame.width()) - 2 * S1, 16)
        edge = {"good": colours.good, "bad": colours.danger}.get(tile.mark)
        painter.setFont(font(CAPTION, bold=tile.mark != "none"))
        painter.setPen(QColor(edge or colours.text))
        draw_line(painter, line, tile.title, Qt.AlignmentFlag.AlignHCenter)
        if tile.note:
            painter.setFont(font(CAPTION))
            painter.setPen(QColor(colours.muted))
            draw_line(painter, line.translated(0, 16), tile.note, Qt.AlignmentFlag.AlignHCenter)
        painter.restore()


def draw_picture(painter: QPainter, area: QRect, image: QImage | None) -> None:
    """Draw a picture into the middle of an area: small ones enlarged with crisp pixels, a plain ground without one."""
    colours = tokens()
    if image is None or image.isNull():
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.border))
        painter.drawRoundedRect(QRectF(area), 4, 4)
        return
    scale = min(area.width() / image.width(), area.height() / image.height())
    target = QRect(0, 0, max(1, round(image.width() * scale)), max(1, round(image.height() * scale)))
    target.moveCenter(area.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
    painter.drawImage(target, image)


class Gallery(QListView):
    """A scrolling grid of samples. Arrow keys move; Enter or a click chooses."""

    chosen = Signal(int)  # a sample number

    def __init__(self, thumbnails: Thumbnails, *, notes: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples_model = SamplesModel(thumbnails, self)
        self.setModel(self.samples_model)
        delegate = TileDelegate(notes, self)
        self.setItemDelegate(delegate)
        # Wrapped list mode lays sixty thousand tiles out in milliseconds; icon mode takes a second.
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAccessibleName(self.tr("Samples"))
        self.selectionModel().currentChanged.connect(self._tell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Tiles fill the line: what is left over is shared among them. The scroll bar's room is kept free whether it
        # shows or not, so that it never moves the tiles.
        tile = self.itemDelegate().sizeHint(QStyleOptionViewItem(), QModelIndex())
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 1
        self.setGridSize(QSize(max(tile.width(), room // max(1, room // tile.width())), tile.height()))

    def show_samples(
        self, dataset: Dataset | None, samples: Sequence[int] | np.ndarray, describe: Callable[[int], Tile]
    ) -> None:
        """Show these samples; `describe` is given a position among them."""
        self.samples_model.show(dataset, samples, describe)
        self.scrollToTop()

    def _tell(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(int(current.data(INDEX_ROLE)))
