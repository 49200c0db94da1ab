"""The bar of the split, dragged and moved by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from .conftest import Stage


def test_that_dragging_a_border_moves_the_split_in_one_edit(stage: Stage) -> None:
    stage.pick("iris")
    bar = stage.page.found.split.bar
    start, middle = bar.border_position(0).toPoint(), bar.height() // 2
    stage.qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        stage.qtbot.mouseMove(bar, QPoint(start.x() - 10 * step, middle))
    assert stage.spec.split.train == 0.7
    stage.qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(start.x() - 50, middle))
    stage.settle()
    assert stage.session.undo_label == "Move the split"
    split = stage.spec.split
    assert split.train < 0.6
    assert split.test == 0.15
    assert split.train + split.validation + split.test == pytest.approx(1)
    stage.session.undo()
    stage.settle()
    assert stage.spec.split.train == 0.7
    assert bar.parts == (70, 15, 15)


def test_that_the_arrow_keys_move_the_split(stage: Stage) -> None:
    stage.pick("iris")
    bar = stage.page.found.split.bar
    bar.setFocus()
    stage.qtbot.keyClick(bar, Qt.Key.Key_Down)
    stage.qtbot.keyClick(bar, Qt.Key.Key_PageUp)
    stage.settle()
    assert bar.parts == (70, 20, 10)
    assert stage.session.project.info.test_samples == pytest.approx(15, abs=2)
    stage.qtbot.keyClick(bar, Qt.Key.Key_Left)
    stage.settle()
    assert bar.parts == (70, 19, 11)
    stage.session.undo()
    stage.settle()
    assert bar.parts == (70, 15, 15)


def test_that_no_part_of_the_split_can_vanish(stage: Stage) -> None:
    stage.pick("iris")
    bar = stage.page.found.split.bar
    start = bar.border_position(0).toPoint()
    stage.qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    stage.qtbot.mouseMove(bar, QPoint(bar.width() + 200, 10))
    stage.qtbot.mouseMove(bar, QPoint(bar.width() + 400, 10))
    assert min(bar.parts) == 1
    stage.qtbot.keyClick(bar, Qt.Key.Key_Escape)
    stage.qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=start)
    assert bar.parts == (70, 15, 15)
