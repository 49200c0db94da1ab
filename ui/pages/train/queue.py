"""The runs that wait: in their order, which dragging changes; the next begins when the one at work ends."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.pages.train.run_deeds import RunDeeds
from ui.theme import S2, S3, icon, theme
from ui.training import Training
from ui.widgets import Caption, QuietButton, row, set_reason
from workbench.core.errors import WorkbenchError
from workbench.runs import queue, store
from workbench.runs.notes import load_notes


class _List(QListWidget):
    def __init__(self, panel: QueuePanel) -> None:
        super().__init__()
        self._panel = panel
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.model().rowsMoved.connect(panel.order_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._panel.remove()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._panel.shift(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class QueuePanel(QWidget):
    """A list that can be dragged into another order; Alt+Up and Alt+Down do the same, Delete takes a run out."""

    def __init__(self, training: Training, deeds: RunDeeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.training = training
        self.deeds = deeds
        self.runs: list[str] = []
        self.words = Caption("")
        self.words.setWordWrap(False)
        self.begin = QuietButton(self.tr("Start"), "play")
        self.begin.setToolTip(self.tr("Begin with the first of them"))
        self.begin.clicked.connect(training.start_next)
        self.take_out = QuietButton(self.tr("Remove"), "trash-2")
        self.take_out.setToolTip(self.tr("Take the selected run out; undo brings it back"))
        self.take_out.clicked.connect(self.remove)
        self.list = _List(self)
        self.list.setObjectName("queue_list")
        self.list.setAccessibleName(self.tr("Runs that wait"))
        self.list.currentRowChanged.connect(self._show_reasons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, S2, 0, 0)
        layout.setSpacing(S2)
        layout.addLayout(row(self.words, None, self.begin, self.take_out, spacing=S3))
        layout.addWidget(self.list, 1)
        theme().changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the queue anew."""
        folder = self.training.session.folder
        self.runs = queue.queued(folder, self.training.runs()) if folder is not None else []
        chosen = self.list.currentRow()
        self.list.clear()
        for run in self.runs:
            assert folder is not None, "only a project has runs"
            item = QListWidgetItem(icon("grip-vertical", size=16), self._title(run))
            item.setData(Qt.ItemDataRole.UserRole, run)
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(chosen, 0), len(self.runs) - 1))
        if self.runs:
            self.words.setText(self.tr("Each begins when the one before it has ended. Drag to change their order."))
        else:
            self.words.setText(self.tr("No run waits. While one is at work, “Add to queue” puts the plan here."))
        self._show_reasons()

    def _title(self, run: str) -> str:
        folder = self.training.session.folder
        if folder is None:
            return run
        try:
            settings = store.load_plan(folder, run).project.training
        except WorkbenchError:
            return run
        plan = self.tr("{epochs} epochs, batches of {size}, {optimizer}, rate {rate:g}").format(
            epochs=settings.total_epochs,
            size=settings.batch_size,
            optimizer=settings.optimizer,
            rate=settings.learning_rate,
        )
        return f"{load_notes(folder, run).title or run}   ·   {plan}"

    def _show_reasons(self) -> None:
        none = None if self.runs else self.tr("No run waits.")
        set_reason(self.begin, none or (self.tr("A run is at work.") if self.training.is_busy else None))
        set_reason(self.take_out, none or (None if self.list.currentRow() >= 0 else self.tr("Select a run first.")))

    def _shown(self) -> list[str]:
        return [str(self.list.item(place).data(Qt.ItemDataRole.UserRole)) for place in range(self.list.count())]

    def order_changed(self, *_: QModelIndex | int) -> None:
        """Keep the order that the list has now."""
        folder = self.training.session.folder
        self.runs = self._shown()
        if folder is None:
            return
        try:
            queue.reorder(folder, self.runs)
        except WorkbenchError as error:
            self.training.session.tell("error", error)

    def shift(self, by: int) -> None:
        """Let the selected run have its turn earlier or later."""
        place = self.list.currentRow()
        if place < 0 or not 0 <= place + by < self.list.count():
            return
        item = self.list.takeItem(place)
        self.list.insertItem(place + by, item)
        self.list.setCurrentRow(place + by)
        self.order_changed()

    def remove(self) -> None:
        """Take the selected run out."""
        item = self.list.currentItem()
        if item is not None:
            self.deeds.delete([str(item.data(Qt.ItemDataRole.UserRole))])
