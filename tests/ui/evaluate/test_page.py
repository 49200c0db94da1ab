"""The Evaluate page over real runs, by mouse and keyboard."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from ui.pages.data_gallery import TILE_ROLE
from ui.widgets import QuietButton, Text

from .conftest import Stage


def test_that_without_a_run_the_page_leads_to_training(stage: Stage) -> None:
    wanted: list[str] = []
    stage.session.page_wanted.connect(wanted.append)
    assert stage.page.whole.currentWidget() is stage.page.empty
    assert stage.page.predict.isHidden()
    stage.click(stage.page.empty.button)
    assert wanted == ["train"]


def test_that_the_newest_run_is_evaluated_on_the_test_part_by_itself(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    head = stage.page.head
    assert head.run.currentData() == "run-002"
    assert head.split.currentData() == "test"
    assert head.number.value.endswith("%")
    assert "270 test samples" in head.number.accessibleName()
    assert stage.page.dot == "ready"


def test_that_an_evaluation_is_kept_for_each_run_and_part(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    first = stage.page.results.result
    head = stage.page.head
    head.split.setFocus()
    stage.qtbot.keyClick(head.split, Qt.Key.Key_Down)
    stage.until(lambda: stage.page.results.state == "ready" and stage.page.results.result is not first)
    assert stage.page.results.result.evaluation.split == "validation"
    stage.qtbot.keyClick(head.split, Qt.Key.Key_Up)
    assert stage.page.results.result is first
    head.run.setFocus()
    stage.qtbot.keyClick(head.run, Qt.Key.Key_Down)
    stage.until(lambda: stage.page.results.state == "ready")
    assert stage.page.results.result.evaluation.run == "run-001"


def test_that_mistakes_come_first_and_the_surest_first_among_them(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    answers, samples = stage.answers, stage.page.classes.samples
    wrong = int((~answers.correct).sum())
    assert wrong
    assert samples.buttons["wrong"].isChecked()
    assert samples.gallery.model().rowCount() == wrong
    sureness = answers.confidence[samples.order]
    assert (np.diff(sureness) <= 0).all()
    assert samples.gallery.model().index(0, 0).data(TILE_ROLE).mark == "bad"


def test_that_the_buttons_choose_among_right_and_wrong(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    samples = stage.page.classes.samples
    stage.click(samples.buttons["right"])
    assert stage.answers.correct[samples.order].all()
    stage.click(samples.buttons["all"])
    assert len(samples.order) == 270
    marks = stage.answers.correct[samples.order]
    assert not (np.diff(marks.astype(int)) < 0).any()


def test_that_a_click_on_a_cell_shows_its_samples_and_another_lets_go(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    samples, matrix = stage.page.classes.samples, stage.page.classes.matrix
    before = len(samples.order)
    stage.click_cell(4, 4)
    assert matrix.chosen_cell == (4, 4)
    confusion = stage.page.results.result.evaluation.confusion
    assert len(samples.order) == confusion[4, 4]
    assert (stage.answers.truth[samples.order] == 4).all()
    assert not any(button.isChecked() for button in samples.buttons.values())
    stage.click_cell(4, 4)
    assert matrix.chosen_cell is None
    assert len(samples.order) == before
    assert samples.buttons["wrong"].isChecked()


def test_that_the_matrix_is_read_and_used_by_keyboard(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    matrix = stage.page.classes.matrix
    matrix.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
        stage.qtbot.keyClick(matrix, key)
    assert "“1”" in matrix.accessibleDescription()
    assert stage.page.classes.words.text() == matrix.words((1, 1))
    stage.qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert matrix.chosen_cell == (1, 1)
    stage.qtbot.keyClick(matrix, Qt.Key.Key_Escape)
    assert matrix.chosen_cell is None


def test_that_hovering_a_cell_says_it_in_words(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    matrix = stage.page.classes.matrix
    stage.qtbot.mouseMove(matrix, matrix.cell_area((2, 3)).center().toPoint())
    assert "“2” were taken for “3”" in stage.page.classes.words.text()


def test_that_shares_of_actual_and_of_predicted_add_up(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    matrix, chooser = stage.page.classes.matrix, stage.page.classes.measure
    chooser.setFocus()
    stage.qtbot.keyClick(chooser, Qt.Key.Key_Down)
    assert matrix.shares().sum(axis=1) == pytest.approx(np.ones(10))
    stage.qtbot.keyClick(chooser, Qt.Key.Key_Down)
    columns = matrix.shares().sum(axis=0)
    assert columns[columns > 0] == pytest.approx(1)


def test_that_a_button_takes_over_from_the_matrix(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    stage.click_cell(0, 0)
    stage.click(stage.page.classes.samples.buttons["all"])
    assert stage.page.classes.matrix.chosen_cell is None
    assert len(stage.page.classes.samples.order) == 270


def test_that_a_class_in_the_table_leads_to_its_samples(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    classes = stage.page.classes
    stage.click(classes.findChild(type(classes.samples.buttons["all"]), "show_figures"))
    rows = classes.figures
    assert rows.isVisible()
    stage.click(rows.viewport(), rows.visualRect(rows.model().index(7, 0)).center())
    assert set(stage.answers.truth[classes.samples.order]) == {7}


def test_that_a_sample_in_the_gallery_is_shown_with_its_probabilities(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    gallery = stage.page.classes.samples.gallery
    stage.click(gallery.viewport(), gallery.visualRect(gallery.model().index(0, 0)).center())
    answer = stage.page.predict.answer
    stage.until(lambda: answer.picture.isVisible())
    truth, predicted, confidence = stage.answers.named(int(stage.page.classes.samples.order[0]))
    assert stage.answer == predicted
    assert truth in answer.truth.text()
    assert answer.bars.shares[0] == (predicted, pytest.approx(confidence))


def test_that_a_run_without_its_data_says_so_and_can_be_tried_again(stage: Stage, table: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(table, folder)
    source = table.parent / "things.csv"
    moved = source.with_suffix(".moved")
    source.rename(moved)
    try:
        stage.session.load_engine()
        assert stage.session.open(folder)
        stage.until(lambda: stage.page.results.state == "failed")
        assert stage.page.views.currentWidget() is stage.page.failed
        assert "things.csv" in stage.page.failed.title.text() + stage.page.failed.received.text()
    finally:
        moved.rename(source)
    stage.click(stage.page.failed.button)
    stage.until(lambda: stage.page.results.state == "ready")


def test_that_the_engine_is_waited_for(stage: Stage, digits: Path) -> None:
    assert stage.session.open(digits)
    assert stage.page.results.state == "engine"
    assert stage.page.working.cancel.isHidden()
    stage.until(lambda: stage.page.results.state == "ready")


def test_that_the_evaluation_can_be_cancelled_and_begun_again(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    split = stage.page.head.split
    split.setCurrentIndex(split.findData("train"))
    split.activated.emit(split.currentIndex())
    assert stage.page.results.state == "working"
    stage.click(stage.page.working.cancel)
    assert stage.page.results.state == "cancelled"
    stage.click(stage.page.failed.button)
    stage.until(lambda: stage.page.results.state == "ready")
    assert stage.page.results.result.evaluation.split == "train"


def test_that_samples_that_count_differently_do_so_and_the_page_says_so(stage: Stage, weighed: Path) -> None:
    stage.open(weighed)
    result = stage.page.results.result
    assert result is not None
    found, head, classes = result.evaluation, stage.page.head, stage.page.classes
    assert "test samples, weighted by weight" in head.number.accessibleName()
    assert found.metrics["accuracy"] != found.unweighted["accuracy"]
    alike = f"Were all samples to count alike: {found.unweighted['accuracy']!r}"
    assert head.number.findChildren(Text)[0].toolTip() == f"{found.metrics['accuracy']!r}. {alike}"
    assert classes.words.text().endswith("Each sample is counted once here, whatever it weighs.")
    stage.click(classes.findChild(QuietButton, "show_figures"))
    assert classes.words.text().endswith("Each sample counts by its weight in weight.")
    frame = classes.figures.frame_model.frame
    assert frame["Recall"].to_list() == [round(each["recall"], 4) for each in found.class_figures()]
    assert frame["Samples"].to_list() == [each["support"] for each in found.class_figures()]
