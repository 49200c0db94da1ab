"""The table of the project's runs: what became of each and what is said of it, newest first."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from ui.pages.train.progress import RunProgress, main_figure, metric_title
from ui.plots.words import duration, figure
from ui.theme import icon, tokens
from workbench.project.model import RunNotes, RunRecord

STAR, NAME, OUTCOME, EPOCHS, BEST, SECONDS, STARTED, TAGS, NOTE = range(9)
SORT_ROLE = Qt.ItemDataRole.UserRole
RUN_ROLE = Qt.ItemDataRole.UserRole + 1
WORDS_ROLE = Qt.ItemDataRole.UserRole + 2
EDITABLE = {NAME: "title", TAGS: "tags", NOTE: "note"}

Index = QModelIndex | QPersistentModelIndex


class RunsModel(QAbstractTableModel):
    """Rows of `RunRecord`. `live` names the run in progress: a record that says "running" otherwise broke off.

    `edited` tells a run, which of its notes is to change ("title", "tags", "note", "starred"), and the new value.
    """

    edited = Signal(str, str, object)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.records: list[RunRecord] = []
        self.notes: Mapping[str, RunNotes] = {}
        self.live: str | None = None
        self.paused = False
        self._headers = (
            "",
            self.tr("Run"),
            self.tr("State"),
            self.tr("Epochs"),
            self.tr("Best"),
            self.tr("Time"),
            self.tr("Started"),
            self.tr("Tags"),
            self.tr("Note"),
        )

    def set_records(self, records: list[RunRecord], notes: Mapping[str, RunNotes], live: str | None) -> None:
        """Show these runs, given oldest first."""
        self.beginResetModel()
        self.records = list(reversed(records))
        self.notes = notes
        self.live = live
        self.endResetModel()

    def follow(self, progress: RunProgress, *, paused: bool) -> None:
        """Show how far the run in progress is: its record is written only when it ends.

        Args:
            progress: What it has told so far.
            paused: Whether it is held.
        """
        row = self.row_of(self.live) if self.live is not None else -1
        if row < 0:
            return
        told: dict[str, object] = {"outcome": "running"}
        if progress.started is not None:
            told |= {"epochs": progress.done, "metrics": progress.best, "best_epoch": progress.best_epoch}
        record = self.records[row].model_copy(update=told)
        if (record, paused) != (self.records[row], self.paused):
            self.records[row], self.paused = record, paused
            self.dataChanged.emit(self.index(row, OUTCOME), self.index(row, BEST))

    def row_of(self, run: str) -> int:
        """The row of a run, or -1."""
        return next((row for row, record in enumerate(self.records) if record.run == run), -1)

    def notes_of(self, run: str) -> RunNotes:
        """What is said of a run."""
        return self.notes.get(run) or RunNotes()

    def title_of(self, run: str) -> str:
        """What a run is called: by its title, else by its own name."""
        return self.notes_of(run).title or run

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.records)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.ToolTipRole and section == STAR:
            return self.tr("Starred runs")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() in EDITABLE else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        what = EDITABLE.get(index.column()) if index.isValid() and role == Qt.ItemDataRole.EditRole else None
        if what is None:
            return False
        run = self.records[index.row()].run
        text = str(value).strip()
        if what == "title" and text == run:
            text = ""
        self.edited.emit(run, what, tuple(text.split(",")) if what == "tags" else text)
        return True

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record, column = self.records[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._text(record, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(record, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
            case Qt.ItemDataRole.ForegroundRole if column == OUTCOME:
                return QColor(self._color(record))
            case Qt.ItemDataRole.DecorationRole if column == STAR:
                starred = self.notes_of(record.run).starred
                return icon("star", tokens().warning if starred else tokens().strong_border, 16)
        return self._for_the_table(record, column, role)

    def _for_the_table(self, record: RunRecord, column: int, role: int) -> Any:
        if role == SORT_ROLE:
            return self._sort_key(record, column)
        if role == RUN_ROLE:
            return record.run
        if role == WORDS_ROLE:
            return " ".join([record.run, *(self._text(record, place) for place in range(NAME, NOTE + 1))])
        return None

    def outcome(self, record: RunRecord) -> str:
        """What became of a run, in a word."""
        if record.outcome == "running":
            if record.run != self.live:
                return self.tr("broken off")
            return self.tr("paused") if self.paused else self.tr("running")
        words = {
            "queued": self.tr("waiting"),
            "done": self.tr("done"),
            "stopped": self.tr("stopped"),
            "failed": self.tr("failed"),
        }
        return words.get(record.outcome, self.tr("broken off"))

    def _text(self, record: RunRecord, column: int) -> str:
        name = main_figure(record.metrics)
        notes = self.notes_of(record.run)
        return (
            "",
            notes.title or record.run,
            self.outcome(record),
            str(record.epochs) if record.epochs else "–",
            f"{metric_title(name)} {figure(record.metrics[name])}" if name else "–",
            duration(record.seconds) if record.seconds else "–",
            started(record.created),
            ", ".join(notes.tags),
            notes.note,
        )[column]

    def _tooltip(self, record: RunRecord, column: int) -> str | None:
        if column == STAR:
            return self.tr("Click to star this run, or no longer")
        if column == NAME:
            return self.tr("{run}; double-click to name it").format(run=record.run)
        if column == OUTCOME and record.message:
            return f"{record.message} {record.hint}".strip()
        if column == BEST and record.metrics:
            lines = [f"{metric_title(name)}: {value!r}" for name, value in record.metrics.items()]
            return "\n".join([self.tr("Epoch {epoch}").format(epoch=record.best_epoch), *lines])
        if column == SECONDS and record.seconds:
            return f"{record.seconds:.3f} s"
        if column in (TAGS, NOTE):
            return self._text(record, column) or self.tr("Double-click to write")
        return record.created if column == STARTED else None

    def _color(self, record: RunRecord) -> str:
        colors = tokens()
        if record.outcome == "running":
            return colors.accent if record.run == self.live else colors.warning
        known = {"done": colors.good, "failed": colors.danger, "interrupted": colors.warning}
        return known.get(record.outcome, colors.muted)

    def _sort_key(self, record: RunRecord, column: int) -> Any:
        name = main_figure(record.metrics)
        value = record.metrics.get(name)
        notes = self.notes_of(record.run)
        return (
            notes.starred,
            (notes.title or record.run).casefold(),
            self.outcome(record),
            record.epochs,
            value if value is not None else float("-inf"),
            record.seconds,
            f"{record.created} {record.run}",
            ", ".join(notes.tags),
            notes.note,
        )[column]

    @staticmethod
    def _alignment(column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in (EPOCHS, BEST, SECONDS) else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def started(created: str) -> str:
    """A UTC time stamp as the user's clock shows it."""
    try:
        moment = datetime.datetime.fromisoformat(created).astimezone()
    except ValueError:
        return created
    today = datetime.datetime.now().astimezone().date()
    return moment.strftime("%H:%M" if moment.date() == today else "%Y-%m-%d %H:%M")
