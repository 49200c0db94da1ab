"""A table on the Data page: what is predicted, by which columns, with which weights, read how."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox

from ui.pages.data_columns import CATEGORY, USE

from .conftest import Stage


def test_that_a_table_shows_kinds_and_leads_with_the_target(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    view = stage.page.preview.rows
    header = view.horizontalHeader()
    first = header.logicalIndex(0)
    assert view.model().headerData(first, Qt.Orientation.Horizontal) == "bought\nto predict"
    heads = [view.model().headerData(column, Qt.Orientation.Horizontal) for column in range(4)]
    assert "age\nnumber" in heads
    assert "city\ncategory" in heads


def test_that_a_click_on_a_heading_sorts_the_rows(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    view = stage.page.preview.rows
    header, column = view.horizontalHeader(), list(view.frame_model.frame.columns).index("income")
    place = QPoint(header.sectionViewportPosition(column) + 30, 20)
    for _ in range(2):
        stage.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    values = [float(view.model().index(row, column).data()) for row in range(90)]
    assert values in (sorted(values), sorted(values, reverse=True))


def test_that_a_column_of_weights_is_chosen_beside_the_target(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    chooser = stage.page.found.target.weights
    assert [chooser.itemText(place) for place in range(chooser.count())] == ["None: all count alike", "age", "income"]
    assert chooser.currentIndex() == 0
    before = stage.session.project
    choose(chooser, "income")
    stage.settle()
    info = stage.session.project.info
    assert (info.weight, info.features[:1]) == ("income", ("age",))
    assert chooser.currentText() == "income"
    shown = [column.name for column in stage.page.found.columns.view.columns_model.columns]
    assert shown == ["age", "city"], "neither the target nor the weights can be ticked"
    assert ("Weighed by", "income") in stage.page.found.fact_words(info)
    assert stage.page.found.target.target.currentText() == "bought"
    choose(stage.page.found.target.target, "income")
    stage.settle()
    assert (stage.session.project.info.target, stage.session.project.info.weight) == ("income", "")
    stage.session.undo()
    stage.session.undo()
    stage.settle()
    assert stage.session.project.dataset == before.dataset
    assert chooser.currentIndex() == 0


def choose(chooser: QComboBox, name: str) -> None:
    chooser.setCurrentIndex(chooser.findText(name))
    chooser.activated.emit(chooser.currentIndex())


def test_that_another_target_makes_a_regression(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    chooser = stage.page.found.target.target
    chooser.setFocus()
    stage.qtbot.keyClicks(chooser, "income")
    chooser.activated.emit(chooser.currentIndex())
    stage.settle()
    assert stage.session.project.info.target == "income"
    assert stage.session.project.info.task == "regression"
    assert stage.page.found.target.task.currentData() == "regression"


def test_that_a_column_is_left_out_and_used_again_by_its_box(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    view = stage.page.found.columns.view
    names = [column.name for column in view.columns_model.columns]
    view.setFocus()
    view.setCurrentIndex(view.model().index(names.index("city"), USE))
    stage.qtbot.keyClick(view, Qt.Key.Key_Space)
    stage.settle()
    assert stage.spec.ignored == ("city",)
    stage.qtbot.keyClick(view, Qt.Key.Key_Space)
    stage.settle()
    assert stage.spec.ignored == ()


def test_that_two_quick_ticks_are_both_kept(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    view = stage.page.found.columns.view
    names = [column.name for column in view.columns_model.columns]
    for name, box in (("age", CATEGORY), ("city", USE)):
        view.setCurrentIndex(view.model().index(names.index(name), box))
        stage.qtbot.keyClick(view, Qt.Key.Key_Space)
    stage.settle()
    assert stage.spec.categorical == ("age",)
    assert stage.spec.ignored == ("city",)


def test_that_a_table_can_be_read_otherwise(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("size,kind\n" + "".join(f"{row % 7 + 0.5},{'ab'[row % 2]}\n" for row in range(60)))
    stage.pick(str(path))
    assert stage.session.project.info.samples == 60
    header = stage.page.findChild(QComboBox, "header_chooser")
    assert header.isVisible()
    header.setFocus()
    stage.qtbot.keyClicks(header, "No")
    header.activated.emit(header.currentIndex())
    stage.settle()
    assert stage.spec.header is False
    assert stage.session.project.info.samples == 61
    stage.session.undo()
    stage.settle()
    assert stage.session.project.info.samples == 60
    assert header.currentData() is None
