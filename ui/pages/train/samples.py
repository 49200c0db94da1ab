"""A few fixed samples: the truth, and what the network made of each after every epoch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QScrollArea, QToolTip, QVBoxLayout, QWidget

from ui.pages.data_paint import draw_line, font
from ui.pages.data_thumbnails import Thumbnails
from ui.session import Session
from ui.theme import BODY, CAPTION, RADIUS, S1, S2, S3, theme, tokens
from ui.widgets import Text
from workbench.core.events import Event, Predictions
from workbench.data.dataset import Dataset

SIDE = 56
TRUTH = 110
CELL = 84
ROW = SIDE + S2
MOST_EPOCHS = 60

Row = Mapping[str, Any]


class _Grid(QWidget):
    """Samples down, epochs across, the newest first; a tinted ground says whether the answer was right."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.epochs: list[Predictions] = []
        self.pictures = False
        self.numbers: list[int] = []
        self._thumbnails = thumbnails
        thumbnails.ready.connect(lambda _: self.update())
        theme().changed.connect(self._new_look)

    def tell(self, epochs: list[Predictions], numbers: list[int], *, pictures: bool) -> None:
        """Show these predictions, newest first, of samples with these numbers in the dataset."""
        self.epochs, self.numbers, self.pictures = epochs, numbers, pictures
        rows = len(epochs[0].rows) if epochs else 0
        self.setFixedSize(self._left() + CELL * len(epochs), rows * ROW + CAPTION + S3)
        self.setAccessibleName(self._words())
        self.update()

    def _new_look(self) -> None:
        self._thumbnails.forget()
        self.update()

    def _left(self) -> int:
        return TRUTH + (SIDE + S2 if self.pictures else 0)

    def _words(self) -> str:
        if not self.epochs:
            return ""
        pairs = [f"{row['truth']}: {row['answer']}" for row in self.epochs[0].rows]
        return f"{self.tr('Epoch')} {self.epochs[0].epoch}. " + ", ".join(pairs)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.epochs:
            return
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        left, top = self._left(), CAPTION + S3
        painter.setFont(font(CAPTION))
        painter.setPen(QColor(colors.muted))
        draw_line(painter, QRect(left - TRUTH, 0, TRUTH, CAPTION + S1), self.tr("Truth"))
        for place, told in enumerate(self.epochs):
            words = self.tr("Epoch {epoch}").format(epoch=told.epoch)
            draw_line(painter, QRect(left + place * CELL, 0, CELL - S1, CAPTION + S1), words)
        for line, row in enumerate(self.epochs[0].rows):
            y = top + line * ROW
            if self.pictures and line < len(self.numbers):
                self._paint_picture(painter, line, y)
            painter.setFont(font(BODY, bold=True))
            painter.setPen(QColor(colors.text))
            draw_line(painter, QRect(left - TRUTH, y, TRUTH - S2, SIDE), str(row["truth"]))
            for place in range(len(self.epochs)):
                self._paint_answer(painter, line, place, QRect(left + place * CELL, y, CELL - S1, SIDE))
        painter.end()

    def _paint_picture(self, painter: QPainter, line: int, y: int) -> None:
        image = self._thumbnails.get(self.numbers[line])
        if image is None or image.isNull():
            return
        size = image.size().scaled(QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint((SIDE - size.width()) // 2, y + (SIDE - size.height()) // 2), size)
        painter.drawPixmap(place, QPixmap.fromImage(image))

    def row(self, line: int, place: int) -> Row | None:
        """What was answered to a sample after an epoch."""
        rows = self.epochs[place].rows if 0 <= place < len(self.epochs) else ()
        return rows[line] if 0 <= line < len(rows) else None

    def changed(self, line: int, place: int) -> bool:
        """Whether the answer differs from that of the epoch told before."""
        now, before = self.row(line, place), self.row(line, place + 1)
        return now is not None and before is not None and now["answer"] != before["answer"]

    def _paint_answer(self, painter: QPainter, line: int, place: int, area: QRect) -> None:
        row = self.row(line, place)
        if row is None:
            return
        colors = tokens()
        confidence = row.get("confidence")
        if confidence is not None:
            right = row["answer"] == row["truth"]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.good_wash if right else colors.danger_wash))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
            if self.changed(line, place):
                painter.setPen(QColor(colors.good if right else colors.danger))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), RADIUS, RADIUS)
        inner = area.adjusted(S2, S2, -S1, -S2)
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        face: QFont = font(BODY, bold=self.changed(line, place))
        painter.setFont(face)
        painter.setPen(QColor(colors.text))
        draw_line(painter, upper if confidence is not None else inner, str(row["answer"]))
        if confidence is not None:
            painter.setFont(font(CAPTION))
            painter.setPen(QColor(colors.muted))
            draw_line(painter, upper.translated(0, inner.height() // 2), f"{confidence:.1%}")

    def event(self, event: Any) -> bool:
        if isinstance(event, QHelpEvent):
            spot = event.pos()
            line, place = (spot.y() - CAPTION - S3) // ROW, (spot.x() - self._left()) // CELL
            row = self.row(line, place)
            QToolTip.showText(event.globalPos(), self._tip(row, line, place) if row is not None else "")
            return True
        return super().event(event)

    def _tip(self, row: Row, line: int, place: int) -> str:
        words = self.tr("Epoch {epoch}: {answer}, truth {truth}").format(
            epoch=self.epochs[place].epoch, answer=row["answer"], truth=row["truth"]
        )
        before = self.row(line, place + 1)
        if before is not None and self.changed(line, place):
            words += "\n" + self.tr("before: {answer}").format(answer=before["answer"])
        return words


class SamplesPanel(QWidget):
    """The predictions of one run's fixed samples, pictures as thumbnails."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.thumbnails = Thumbnails(session, self)
        self.words = Text("", "muted")
        self.grid = _Grid(self.thumbnails)
        self.area = QScrollArea()
        self.area.setWidget(self.grid)
        self._told: tuple[int, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, S2, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(self.words)
        layout.addWidget(self.area, 1)
        session.dataset_changed.connect(self._refresh)
        self._epochs: list[Predictions] = []
        self._refresh()

    def show_events(self, events: Iterable[Event]) -> None:
        """Show the predictions among a run's events; of an epoch that was done twice, the last."""
        found = {event.epoch: event for event in events if isinstance(event, Predictions)}
        newest = sorted(found.values(), key=lambda told: -told.epoch)[:MOST_EPOCHS]
        if [id(told) for told in newest] != [id(told) for told in self._epochs]:
            self._epochs = newest
            self._refresh()

    def _refresh(self) -> None:
        dataset, info = self.session.dataset, self.session.project.info
        self.thumbnails.set_dataset(dataset)
        self.area.setVisible(bool(self._epochs))
        if not self._epochs:
            self.words.setText(
                self.tr("A few samples are shown here with their predictions after each epoch, as the plan says.")
            )
        else:
            right = sum(row["answer"] == row["truth"] for row in self._epochs[0].rows)
            sure = self._epochs[0].rows and self._epochs[0].rows[0].get("confidence") is not None
            words = self.tr("{right} of {all} are right; an outline marks an answer that has changed.")
            told = words.format(right=right, all=len(self._epochs[0].rows))
            told = told if sure else self.tr("What the network answers to the same samples.")
            self.words.setText(f"{info.target}: {told}" if info is not None and info.further else told)
        numbers = _numbers(dataset, self._epochs)
        pictures = bool(numbers) and info is not None and info.kind == "image"
        self.grid.tell(self._epochs, numbers, pictures=pictures)


def _numbers(dataset: Dataset | None, epochs: list[Predictions]) -> list[int]:
    """The samples' numbers in the dataset; none where it is not the one that they were taken from."""
    if dataset is None or not epochs:
        return []
    index = dataset.part(epochs[0].part).index  # type: ignore[arg-type]
    places = [int(row["index"]) for row in epochs[0].rows]
    if any(place >= len(index) for place in places):
        return []
    numbers = [int(index[place]) for place in places]
    same = all(_same(dataset.label(number), row["truth"]) for number, row in zip(numbers, epochs[0].rows, strict=True))
    return numbers if same else []


def _same(label: str | float, truth: object) -> bool:
    return label == truth if isinstance(label, str) else f"{label:.4g}" == truth
