"""The middle of the Data page: the real samples, as pictures, rows or curves, all or of one class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.data_detail import SampleDetail
from ui.pages.data_gallery import Gallery, Tile
from ui.pages.data_table import RowsView, rounded
from ui.pages.data_thumbnails import Thumbnails
from ui.theme import S2, S3, S4, theme
from ui.widgets import Caption, Heading, Line

if TYPE_CHECKING:
    from ui.session import Session
    from workbench.data.dataset import Dataset


class Preview(QFrame):
    """Shows a dataset's samples. `class_chosen` tells the class shown, -1 for all."""

    class_chosen = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._session = session
        self._dataset: Dataset | None = None
        self._labels: np.ndarray | None = None
        self._class = -1
        self.thumbnails = Thumbnails(session, self)
        self.gallery = Gallery(self.thumbnails, parent=self)
        self.gallery.setObjectName("samples_gallery")
        self.gallery.chosen.connect(self._show_detail)
        self.rows = RowsView(self)
        self.detail = SampleDetail(self)
        self.title = Heading("")
        self.title.setWordWrap(False)
        self.note = Caption("")
        self.classes = QComboBox()
        self.classes.setObjectName("class_filter")
        self.classes.setAccessibleName(self.tr("Show only one class"))
        self.classes.setMinimumWidth(160)
        self.classes.activated.connect(lambda place: self.filter_class(place - 1))
        head = QHBoxLayout()
        head.setContentsMargins(S4, S3, S4, S3)
        head.setSpacing(S2)
        head.addStrut(34)
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        head.addWidget(self.classes)
        pictures = QWidget()
        box = QVBoxLayout(pictures)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.gallery, 1)
        box.addWidget(self.detail)
        self.views = QStackedWidget()
        self.views.addWidget(pictures)
        self.views.addWidget(self.rows)
        self.line, self.bar = Line(), QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(self.line)
        outer.addWidget(self.bar)
        outer.addWidget(self.views, 1)
        theme().changed.connect(self._repaint)

    def show_dataset(self, dataset: Dataset) -> None:
        """Show a dataset's samples, all classes."""
        again = self._dataset is not None and self._dataset.info.classes == dataset.info.classes
        same_source = self._dataset is not None and self._dataset.spec.location == dataset.spec.location
        self._dataset, self._labels = dataset, None
        self._class = self._class if again and same_source else -1
        info = dataset.info
        self.detail.clear()
        self.classes.setVisible(info.task == "classification")
        self.classes.clear()
        self.classes.addItem(self.tr("All classes"))
        for name, count in zip(info.classes, info.class_counts, strict=False):
            self.classes.addItem(f"{name}  ({count:,})")
        self.classes.setCurrentIndex(self._class + 1)
        if info.task == "classification":
            self._find_labels(dataset)
        self._show()

    def show_busy(self, busy: bool) -> None:
        """Say that these samples are being read anew."""
        self.line.setVisible(not busy)
        self.bar.setVisible(busy)

    def clear(self) -> None:
        """Forget the dataset."""
        self._dataset, self._labels, self._class = None, None, -1
        self.gallery.show_samples(None, [], lambda row: Tile(""))
        self.detail.clear()

    def filter_class(self, number: int) -> None:
        """Show one class only; -1 shows all."""
        self._class = number
        self.classes.setCurrentIndex(number + 1)
        self.class_chosen.emit(number)
        self._show()

    def _find_labels(self, dataset: Dataset) -> None:
        numbers = {name: number for number, name in enumerate(dataset.info.classes)}

        def work(token: Any, progress: Any) -> np.ndarray:
            found = np.full(dataset.info.samples, -1, dtype=np.int32)
            for index in range(dataset.info.samples):
                if index % 4096 == 0:
                    token.raise_if_stopped()
                found[index] = numbers.get(str(dataset.label(index)), -1)
            return found

        def answered(labels: np.ndarray) -> None:
            if dataset is self._dataset:
                self._labels = labels
                if self._class >= 0:
                    self._show()

        self._session.run_task(self.tr("Sorting the samples"), work, answered, visible=False)

    def _samples(self, dataset: Dataset) -> np.ndarray:
        if self._class >= 0 and self._labels is not None:
            return np.flatnonzero(self._labels == self._class)
        return np.arange(dataset.info.samples)

    def _show(self) -> None:
        dataset = self._dataset
        if dataset is None:
            return
        samples = self._samples(dataset)
        frame = dataset.table()
        if frame is not None:
            self.views.setCurrentIndex(1)
            shown = frame if len(samples) == frame.height else frame[samples]
            self.rows.show_frame(shown, dataset.info.columns, None if shown is frame else samples)
        else:
            self.views.setCurrentIndex(0)
            self.gallery.show_samples(dataset, samples, lambda row: self._tile(dataset, int(samples[row])))
        self._show_head(dataset, len(samples))

    def _show_head(self, dataset: Dataset, count: int) -> None:
        kinds = {"image": self.tr("{count} pictures"), "table": self.tr("{count} rows")}
        words = kinds.get(dataset.info.kind, self.tr("{count} samples"))
        self.title.setText(words.format(count=f"{count:,}"))
        if count != dataset.info.samples:
            self.note.setText(
                self.tr("of “{name}”, {total} in all").format(
                    name=dataset.info.classes[self._class], total=f"{dataset.info.samples:,}"
                )
            )
        else:
            self.note.setText(
                self.tr("Click a heading to sort") if dataset.table() is not None else self.tr("Click one to see more")
            )

    def _tile(self, dataset: Dataset, index: int) -> Tile:
        label = dataset.label(index)
        words = label if isinstance(label, str) else rounded(float(label))
        return Tile(words, words=self.tr("{name}: {label}").format(name=dataset.sample_name(index), label=words))

    def _show_detail(self, index: int) -> None:
        dataset = self._dataset
        if dataset is None:
            return

        def answered(raw: Any) -> None:
            if dataset is self._dataset:
                self.detail.show_sample(dataset, index, raw)

        self._session.run_task(
            self.tr("Opening a sample"), lambda token, progress: dataset.raw(index), answered, visible=False
        )

    def _repaint(self) -> None:
        self.thumbnails.forget()
        self.gallery.viewport().update()
