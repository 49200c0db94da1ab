"""The parts of the frame on their own: tasks, finding, widgets, and the reference counts that 6.12 broke."""

from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.fuzzy import score
from ui.tasks import Task
from ui.widgets import Column, ElidedLabel, FlowLayout, ProgressRow, Splitter, Table
from workbench.core.errors import DataError


class Emitter(QObject):
    happened = Signal(int)


def test_that_twenty_thousand_emits_leave_none_where_it_was(qtbot: QtBot) -> None:
    emitter, label, item = Emitter(), QLabel(), QGraphicsRectItem()
    qtbot.addWidget(label)
    scene = QGraphicsScene()
    scene.addItem(item)
    heard = [0]

    def hear(number: int) -> None:
        heard[0] += 1

    emitter.happened.connect(hear)
    before = sys.getrefcount(None)
    for number in range(20_000):
        emitter.happened.emit(number)
        if number % 2:
            item.setPos(number, number)
            label.setText("x")
    assert heard[0] == 20_000
    assert sys.getrefcount(None) > before - 100


def test_that_a_task_answers_on_the_gui_thread_and_ends_its_thread(qtbot: QtBot) -> None:
    where: list[threading.Thread] = []
    task = Task("sum", lambda token, progress: sum(range(10)))
    task.succeeded.connect(lambda value: where.append(threading.current_thread()))
    with qtbot.waitSignal(task.ended), qtbot.waitSignal(task.succeeded) as told:
        task.start()
    assert told.args == [45]
    assert where == [threading.main_thread()]
    assert task.wait(0)


def test_that_a_task_tells_its_progress_and_can_be_cancelled(qtbot: QtBot) -> None:
    said: list[tuple[object, str]] = []

    def work(token: object, progress: object) -> None:
        for step in range(10_000):
            progress(step / 10_000, f"step {step}")  # type: ignore[operator]
            threading.Event().wait(0.001)

    task = Task("long", work)
    task.progressed.connect(lambda fraction, words: said.append((fraction, words)))
    task.start()
    qtbot.waitUntil(lambda: len(said) > 3)
    with qtbot.waitSignal(task.cancelled):
        task.cancel()


@pytest.mark.parametrize("error", [DataError("A table needs rows.", "0 rows"), ZeroDivisionError("boom")])
def test_that_a_failed_task_has_words(qtbot: QtBot, error: Exception) -> None:
    def work(token: object, progress: object) -> None:
        raise error

    task = Task("Reading", work)
    with qtbot.waitSignal(task.failed) as told:
        task.start()
    assert told.args is not None
    assert told.args[0].rule in ("A table needs rows.", "Reading did not work.")


def test_that_finding_prefers_whole_words_then_beginnings_then_letters() -> None:
    texts = ["Save as", "Look: as the desktop", "Go to Data", "Discard draft", "Fast save"]
    found = {text: score("save", text) for text in texts}
    assert found["Go to Data"] is None
    ordered = sorted((text for text in texts if found[text] is not None), key=lambda text: -(found[text] or 0))
    assert ordered[:2] == ["Save as", "Fast save"]
    assert score("gtd", "Go to Data") is not None
    assert score("", "anything") == 0
    assert score("conv 2d", "Add Conv2D convolution") is not None
    assert score("xyz", "Save as") is None


def test_that_a_table_sorts_by_value_and_puts_the_unknown_last(qtbot: QtBot) -> None:
    table = Table([Column("run", lambda row: row[0]), Column("loss", lambda row: row[1], "{:.2f}".format)], "runs")
    table._model.columns[1] = Column("loss", lambda row: row[1], lambda value: "" if value is None else f"{value:.2f}")
    qtbot.addWidget(table)
    table.set_rows([("a", 0.5), ("b", None), ("c", 0.25)])
    table.sortByColumn(1, table.horizontalHeader().sortIndicatorOrder().AscendingOrder)
    assert [row[0] for row in table.rows()] == ["c", "a", "b"]
    table.sortByColumn(1, table.horizontalHeader().sortIndicatorOrder().DescendingOrder)
    assert [row[0] for row in table.rows()] == ["a", "c", "b"]
    with qtbot.waitSignal(table.picked) as told:
        table.pick(("c", 0.25))
    assert told.args == [("c", 0.25)]


def test_that_a_flow_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    flow = FlowLayout(widget, spacing=10)
    for _ in range(4):
        part = QLabel()
        part.setFixedSize(40, 20)
        flow.addWidget(part)
    assert flow.heightForWidth(400) == 20
    assert flow.heightForWidth(100) == 50
    assert flow.heightForWidth(40) == 110
    flow.clear()
    assert flow.count() == 0


def test_that_a_long_text_ends_in_an_ellipsis_and_is_whole_on_hover(qtbot: QtBot) -> None:
    label = ElidedLabel("a very long name of a very long file")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.toolTip() == label.full_text()
    label.resize(600, 20)
    assert label.text() == label.full_text()
    assert label.toolTip() == ""


def test_that_side_panels_keep_their_widths_while_folded(qtbot: QtBot) -> None:
    splitter = Splitter(QWidget(), QWidget(), QWidget())
    qtbot.addWidget(splitter)
    splitter.resize(1200, 600)
    splitter.show()
    splitter.recall([260, 300])
    assert splitter.memory() == [260, 300]
    splitter.toggle(splitter.left)
    assert splitter.memory() == [-260, 300]
    other = Splitter(QWidget(), QWidget(), QWidget())
    qtbot.addWidget(other)
    other.resize(1200, 600)
    other.show()
    other.recall(splitter.memory())
    assert other.left is not None
    assert other.left.isHidden()


def test_that_a_progress_row_follows_its_task(qtbot: QtBot) -> None:
    go_on = threading.Event()

    def work(token: object, progress: object) -> None:
        progress(0.5, "half")  # type: ignore[operator]
        go_on.wait(5)

    row, task = ProgressRow(""), Task("Reading", work)
    qtbot.addWidget(row)
    row.follow(task)
    task.start()
    qtbot.waitUntil(lambda: row.bar.value() == 500)
    assert row.words.text().startswith("half")
    go_on.set()
    qtbot.waitUntil(row.isHidden)
