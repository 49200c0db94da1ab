"""The palette: every layer by category, found by typing, dragged or double-clicked onto the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QDrag, QFont, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from ui.canvas import blocks
from ui.canvas.mime import block_mime, layer_mime
from ui.canvas.swatch import SWATCH, category_icon
from ui.canvas.words import counted
from ui.theme import RADIUS, icon, theme, tokens
from ui.widgets import Caption, Panel
from workbench.catalog.layers import CATEGORIES, LayerSpec, find_layers, layers

_LAYER = Qt.ItemDataRole.UserRole
_REASON = Qt.ItemDataRole.UserRole + 1
_BLOCK = Qt.ItemDataRole.UserRole + 2
OPEN_GROUPS = 3


class LayerTree(QTreeWidget):
    """The layers as a tree of categories; what is dragged out is the layer's name."""

    chosen = Signal(str)
    block_chosen = Signal(str)
    block_unwanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette_tree")
        self.setAccessibleName(self.tr("Layers"))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(6)
        self.setIconSize(SWATCH)
        self.setUniformRowHeights(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemDoubleClicked.connect(self._take)
        self.itemClicked.connect(self._toggle)

    def layer_of(self, item: QTreeWidgetItem | None) -> str | None:
        """The layer that a row stands for; None for a category."""
        return item.data(0, _LAYER) if item is not None else None

    def block_of(self, item: QTreeWidgetItem | None) -> str | None:
        """The block of one's own that a row stands for, or None."""
        return item.data(0, _BLOCK) if item is not None else None

    def _take(self, item: QTreeWidgetItem) -> None:
        layer, block = self.layer_of(item), self.block_of(item)
        if layer is not None:
            self.chosen.emit(layer)
        elif block is not None:
            self.block_chosen.emit(block)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        block = self.block_of(self.itemAt(event.pos()))
        if block is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("plus", size=16), self.tr("Add to the drawing")).triggered.connect(
            lambda: self.block_chosen.emit(block)
        )
        menu.addAction(icon("trash-2", size=16), self.tr("Delete this block")).triggered.connect(
            lambda: self.block_unwanted.emit(block)
        )
        menu.popup(event.globalPos())

    def _toggle(self, item: QTreeWidgetItem) -> None:
        if self.layer_of(item) is None and self.block_of(item) is None:
            item.setExpanded(not item.isExpanded())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(item)
            self._take(item)
            return
        block = self.block_of(item)
        if block is not None and event.key() == Qt.Key.Key_Delete:
            self.block_unwanted.emit(block)
            return
        super().keyPressEvent(event)

    def mimeData(self, items: list[QTreeWidgetItem]) -> QMimeData:  # type: ignore[override]
        return self._mime(items[0]) if items else QMimeData()

    def _mime(self, item: QTreeWidgetItem | None) -> QMimeData:
        layer, block = self.layer_of(item), self.block_of(item)
        if layer is not None:
            return layer_mime(layer)
        return block_mime(block) if block is not None else QMimeData()

    def startDrag(self, actions: Qt.DropAction) -> None:
        item = self.currentItem()
        carried = self.layer_of(item) or self.block_of(item)
        if carried is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self._mime(item))
        drag.setPixmap(self._tag(carried))
        drag.exec(Qt.DropAction.CopyAction)

    def _tag(self, layer: str) -> QPixmap:
        """What hangs on the pointer while dragging."""
        colours, ratio = tokens(), self.devicePixelRatioF()
        width, height = self.fontMetrics().horizontalAdvance(layer) + 36, 32
        picture = QPixmap(int(width * ratio), int(height * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.raised))
        painter.setPen(QColor(colours.accent))
        painter.drawRoundedRect(1, 1, width - 2, height - 2, RADIUS, RADIUS)
        painter.setPen(QColor(colours.text))
        painter.setFont(self.font())
        painter.drawText(16, 0, width, height, Qt.AlignmentFlag.AlignVCenter, layer)
        spec = layers().get(layer)
        painter.fillRect(6, 8, 4, height - 16, QColor(colours.category(spec.category if spec is not None else "io")))
        painter.end()
        return picture


class LayerPalette(Panel):
    """The search line over the tree. `chosen` asks for a layer to be added."""

    chosen = Signal(str)
    block_chosen = Signal(str)
    block_unwanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setObjectName("layer_search")
        self.search.setAccessibleName(self.tr("Search layers"))
        self.search.setPlaceholderText(self.tr("Search %1 layers").replace("%1", str(len(self._placeable()))))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.tree = LayerTree()
        self.tree.chosen.connect(self.chosen)
        self.tree.block_chosen.connect(self.block_chosen)
        self.tree.block_unwanted.connect(self.block_unwanted)
        self.tree.currentItemChanged.connect(self._explain)
        self._hint = Caption("")
        self._hint.setObjectName("palette_hint")
        self.body.addWidget(self.search)
        self.body.addWidget(self.tree, 1)
        self.body.addWidget(self._hint)
        theme().changed.connect(self._fill)
        self._fill()

    def _placeable(self) -> list[LayerSpec]:
        return list(layers().values())

    def refill(self) -> None:
        """Show the blocks as they are now."""
        self._fill()

    def _fill(self) -> None:
        words = self.search.text().strip()
        self.tree.clear()
        if words:
            for name in blocks.names():
                if words.casefold() in name.casefold():
                    self.tree.addTopLevelItem(self._block_row(name))
            for spec in find_layers(words, unplaced=True):
                self.tree.addTopLevelItem(self._row(spec))
            if not self.tree.topLevelItemCount():
                nothing = QTreeWidgetItem([self.tr("No layer fits that")])
                nothing.setFlags(Qt.ItemFlag.NoItemFlags)
                self.tree.addTopLevelItem(nothing)
            self.tree.setCurrentIndex(self.tree.model().index(0, 0))
            return
        self._explain(None)
        groups: dict[str, list[LayerSpec]] = {category: [] for category in (*CATEGORIES[1:], CATEGORIES[0])}
        for spec in self._placeable():
            groups.setdefault(spec.category, []).append(spec)
        own = [self._block_row(name) for name in blocks.names()]
        if own:
            self.tree.addTopLevelItem(self._head(self.tr("Your blocks"), own, str(len(own))))
        for category, specs in groups.items():
            if specs:
                words = counted(len(specs), self.tr("1 layer"), self.tr("%1 layers"))
                title = self.tr("Inputs and outputs") if category == "io" else category.capitalize()
                self.tree.addTopLevelItem(self._head(title, [self._row(spec) for spec in specs], words))
        for place in range(OPEN_GROUPS + bool(own)):
            self.tree.expand(self.tree.model().index(place, 0))

    def _explain(self, item: QTreeWidgetItem | None) -> None:
        """Say how the chosen layer is placed, or why it cannot be."""
        reason = item.data(0, _REASON) if item is not None else None
        how = self.tr("Drag a layer onto the canvas, or double-click to add it after the selected one.")
        self._hint.setText(reason or how)

    def _head(self, title: str, rows: list[QTreeWidgetItem], words: str) -> QTreeWidgetItem:
        head = QTreeWidgetItem([title])
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        head.setFont(0, font)
        head.setForeground(0, QColor(tokens().muted))
        head.setToolTip(0, words)
        head.addChildren(rows)
        return head

    def _block_row(self, name: str) -> QTreeWidgetItem:
        row = QTreeWidgetItem([name])
        row.setIcon(0, category_icon("io"))
        row.setData(0, _BLOCK, name)
        row.setToolTip(0, self.tr("Your own block. Drag it onto the canvas, or double-click; Del deletes it."))
        row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        return row

    def _row(self, spec: LayerSpec) -> QTreeWidgetItem:
        row = QTreeWidgetItem([spec.name])
        row.setIcon(0, category_icon(spec.category))
        if spec.reason:
            reason = self.tr("%1 cannot be placed. %2").replace("%1", spec.name).replace("%2", spec.reason)
            row.setData(0, _REASON, reason)
            row.setToolTip(0, f"<b>{spec.name}</b><br>{spec.reason}")
            row.setForeground(0, QColor(tokens().faint))
            row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            return row
        row.setData(0, _LAYER, spec.name)
        row.setToolTip(0, f"<b>{spec.name}</b><br>{spec.doc.split(chr(10) * 2)[0]}")
        row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        return row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                layer, block = (of(self.tree.currentItem()) for of in (self.tree.layer_of, self.tree.block_of))
                if layer is not None and self.search.text():
                    self.chosen.emit(layer)
                elif block is not None and self.search.text():
                    self.block_chosen.emit(block)
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)
