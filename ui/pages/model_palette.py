"""The palette: every layer by category, found by typing, dragged or double-clicked onto the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QColor, QDrag, QFont, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from ui.canvas.mime import layer_mime
from ui.canvas.swatch import SWATCH, category_icon
from ui.canvas.words import counted
from ui.theme import RADIUS, theme, tokens
from ui.widgets import Caption, Panel
from workbench.catalog.layers import CATEGORIES, LayerSpec, find_layers, layers

_LAYER = Qt.ItemDataRole.UserRole
_REASON = Qt.ItemDataRole.UserRole + 1
OPEN_GROUPS = 3


class LayerTree(QTreeWidget):
    """The layers as a tree of categories; what is dragged out is the layer's name."""

    chosen = Signal(str)

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

    def _take(self, item: QTreeWidgetItem) -> None:
        layer = self.layer_of(item)
        if layer is not None:
            self.chosen.emit(layer)

    def _toggle(self, item: QTreeWidgetItem) -> None:
        if self.layer_of(item) is None:
            item.setExpanded(not item.isExpanded())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(item)
            self._take(item)
            return
        super().keyPressEvent(event)

    def mimeData(self, items: list[QTreeWidgetItem]) -> QMimeData:  # type: ignore[override]
        layer = next((name for item in items if (name := self.layer_of(item))), None)
        return layer_mime(layer) if layer is not None else QMimeData()

    def startDrag(self, actions: Qt.DropAction) -> None:
        layer = self.layer_of(self.currentItem())
        if layer is None:
            return
        drag = QDrag(self)
        drag.setMimeData(layer_mime(layer))
        drag.setPixmap(self._tag(layer))
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
        spec = layers()[layer]
        painter.fillRect(6, 8, 4, height - 16, QColor(colours.category(spec.category)))
        painter.end()
        return picture


class LayerPalette(Panel):
    """The search line over the tree. `chosen` asks for a layer to be added."""

    chosen = Signal(str)

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
        self.tree.currentItemChanged.connect(self._explain)
        self._hint = Caption("")
        self._hint.setObjectName("palette_hint")
        self.body.addWidget(self.search)
        self.body.addWidget(self.tree, 1)
        self.body.addWidget(self._hint)
        theme().changed.connect(self._fill)
        self._fill()

    def _placeable(self) -> list[LayerSpec]:
        # The two ends are always on the canvas; they follow the data.
        return [spec for spec in layers().values() if spec.category != "io"]

    def _fill(self) -> None:
        words = self.search.text().strip()
        self.tree.clear()
        if words:
            for spec in find_layers(words, unplaced=True):
                if spec.category != "io":
                    self.tree.addTopLevelItem(self._row(spec))
            if not self.tree.topLevelItemCount():
                nothing = QTreeWidgetItem([self.tr("No layer fits that")])
                nothing.setFlags(Qt.ItemFlag.NoItemFlags)
                self.tree.addTopLevelItem(nothing)
            self.tree.setCurrentIndex(self.tree.model().index(0, 0))
            return
        self._explain(None)
        groups: dict[str, list[LayerSpec]] = {category: [] for category in CATEGORIES}
        for spec in self._placeable():
            groups.setdefault(spec.category, []).append(spec)
        for category, specs in groups.items():
            if specs:
                self.tree.addTopLevelItem(self._group(category, specs))
        for place in range(OPEN_GROUPS):
            self.tree.expand(self.tree.model().index(place, 0))

    def _explain(self, item: QTreeWidgetItem | None) -> None:
        """Say how the chosen layer is placed, or why it cannot be."""
        reason = item.data(0, _REASON) if item is not None else None
        how = self.tr("Drag a layer onto the canvas, or double-click to add it after the selected one.")
        self._hint.setText(reason or how)

    def _group(self, category: str, specs: list[LayerSpec]) -> QTreeWidgetItem:
        head = QTreeWidgetItem([category.capitalize()])
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        head.setFont(0, font)
        head.setForeground(0, QColor(tokens().muted))
        head.setToolTip(0, counted(len(specs), self.tr("1 layer"), self.tr("%1 layers")))
        head.addChildren([self._row(spec) for spec in specs])
        return head

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
                layer = self.tree.layer_of(self.tree.currentItem())
                if layer is not None and self.search.text():
                    self.chosen.emit(layer)
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)
