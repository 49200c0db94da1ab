"""Predictions of one's own, tables and regressions on the Evaluate page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QComboBox, QLineEdit

from .conftest import Stage


def test_that_a_picture_of_ones_own_is_predicted_where_it_is_dropped(
    stage: Stage, digits: Path, tmp_path: Path
) -> None:
    stage.open(digits)
    dataset = stage.page.results.result.dataset
    position = int(stage.answers.order("right")[-1])
    raw = dataset.raw(int(stage.page.results.result.evaluation.index[position]))
    path = tmp_path / "mine.png"
    Image.fromarray(np.asarray(raw).reshape(8, 8)).save(path)
    stage.drop(path)
    answer = stage.page.predict.answer
    stage.until(lambda: answer.bars.isVisible())
    assert stage.answer == stage.answers.named(position)[1]
    assert sum(share for _, share in answer.bars.shares) == pytest.approx(1, abs=1e-4)
    assert answer.source.full_text() == "mine.png"


def test_that_a_file_that_is_no_picture_is_refused_in_words(stage: Stage, digits: Path, tmp_path: Path) -> None:
    stage.open(digits)
    path = tmp_path / "letter.png"
    path.write_text("dear reader", encoding="utf-8")
    stage.drop(path)
    problem = stage.page.predict.answer.problem
    stage.until(lambda: problem.isVisible())
    assert "letter.png" in problem.text()


def test_that_the_form_holds_a_real_row_and_an_edit_is_predicted(stage: Stage, table: Path) -> None:
    stage.open(table)
    form, answer = stage.page.predict.form, stage.page.predict.answer
    stage.until(lambda: answer.bars.isVisible())
    index = int(stage.page.results.result.evaluation.index[0])
    raw = stage.page.results.result.dataset.raw(index)
    size, color = form.fields["size"], form.fields["color"]
    assert isinstance(size, QLineEdit)
    assert isinstance(color, QComboBox)
    assert float(size.text()) == raw["size"]
    assert color.currentText() == raw["color"]
    size.setFocus()
    size.selectAll()
    stage.qtbot.keyClicks(size, "16")
    stage.until(lambda: answer.source.full_text() == "Your row")
    assert {name for name, _ in answer.bars.shares} == {"small", "large"}
    size.selectAll()
    stage.qtbot.keyClicks(size, "many")
    assert size.property("invalid") == "true"
    assert form.row() is None


def test_that_a_table_shows_rows_and_the_next_row_is_one_click_away(stage: Stage, table: Path) -> None:
    stage.open(table)
    samples = stage.page.classes.samples
    stage.click(samples.buttons["all"])
    rows = samples.rows
    assert rows.isVisible()
    assert rows.frame_model.frame.columns[:3] == ["Truth", "Predicted", "Confidence"]
    source = stage.page.predict.answer.source
    stage.until(lambda: source.isVisible())
    first = source.full_text()
    stage.click(stage.page.predict.other)
    stage.until(lambda: source.full_text() != first)


def test_that_a_csv_of_ones_own_gets_an_answer_for_each_row(stage: Stage, table: Path, tmp_path: Path) -> None:
    stage.open(table)
    path = tmp_path / "new.csv"
    path.write_text("size,color,weight\n3,red,1.5\n15,blue,2.5\n4,green,0.5\n", encoding="utf-8")
    stage.drop(path)
    many = stage.page.predict.many
    stage.until(lambda: many.isVisible())
    assert many.model().rowCount() == 3


def test_that_a_regression_shows_true_against_predicted(stage: Stage, diabetes: Path) -> None:
    stage.open(diabetes)
    view = stage.page.regression
    assert stage.page.views.currentWidget() is view
    assert "mean absolute error" in stage.page.head.number.accessibleName()
    assert len(view.points.data) == stage.page.results.result.evaluation.samples
    off = [abs(float(view.rows.model().index(row, 3).data())) for row in range(view.rows.model().rowCount())]
    assert off == sorted(off, reverse=True)


def test_that_a_point_and_a_row_lead_to_their_sample(stage: Stage, diabetes: Path) -> None:
    stage.open(diabetes)
    view, answer = stage.page.regression, stage.page.predict.answer
    stage.qtbot.wait(50)
    box = view.plot.getPlotItem().getViewBox()
    position = int(np.argmax(view._truth))
    place = box.mapViewToScene(QPointF(view._truth[position], view._predicted[position]))
    stage.click(view.plot.viewport(), view.plot.mapFromScene(place))
    stage.until(lambda: answer.truth.isVisible() and f"{view._truth[position]:g}" in answer.truth.text())
    stage.click(view.rows.viewport(), view.rows.visualRect(view.rows.model().index(0, 0)).center())
    worst = int(view._order[0])
    stage.until(lambda: f"{view._truth[worst]:g}" in answer.truth.text())
    assert len(view.ring.data) == 1
