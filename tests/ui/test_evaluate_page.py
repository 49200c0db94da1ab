"""The Evaluate page over real runs, by mouse and keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from ui.pages.data_gallery import TILE_ROLE
from ui.pages.evaluate import EvaluatePage
from ui.pages.evaluate_words import Answers
from ui.session import Session
from ui.training import Training
from ui.widgets import QuietButton, Text
from workbench.core.control import RunControl
from workbench.data.dataset import detect, open_dataset
from workbench.project import store as projects
from workbench.project.model import Project
from workbench.project.suggest import suggested_project
from workbench.runs import store

PATIENCE_MS = 60_000
COLORS = ("red", "green", "blue")
CSV = "size,color,weight,kind\n" + "".join(
    f"{row % 17},{COLORS[row % 3]},{row % 11}.5,{('small', 'large')[(row % 17) > 8]}\n" for row in range(120)
)


def trained(source: str | Path, folder: Path, epochs: int, runs: int = 1, **choices: Any) -> Path:
    """A project in a folder with finished runs."""
    from workbench.engine.trainer import train

    dataset = open_dataset(detect(source).model_copy(update=choices))
    project = suggested_project(Project(name="trial"), dataset.spec, dataset.info)
    project = project.model_copy(update={"training": project.training.model_copy(update={"epochs": epochs})})
    projects.create(project, folder)
    for _ in range(runs):
        ended = train(folder, store.new_run(folder, project), lambda event: None, RunControl(), dataset)
        assert ended.outcome == "done", ended.message
    return folder


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained("digits", tmp_path_factory.mktemp("digits") / "project", 1, runs=2)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("table")
    (root / "things.csv").write_text(CSV, encoding="utf-8")
    return trained(root / "things.csv", root / "project", 3)


@pytest.fixture(scope="module")
def diabetes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained("diabetes", tmp_path_factory.mktemp("diabetes") / "project", 2)


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weighed")
    rows = [f"{row % 17},{row % 11}.5,{('small', 'large')[(row * 7 % 17) > 8]}" for row in range(120)]
    (root / "things.csv").write_text("\n".join(["size,weight,kind", *rows]) + "\n", encoding="utf-8")
    return trained(root / "things.csv", root / "project", 3, weight_column="weight")


class Stage:
    """A session, its training and the page over them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.training = Training(self.session)
        self.page = EvaluatePage(self.session, self.training)
        qtbot.addWidget(self.page)
        self.page.resize(1376, 824)
        self.page.show()
        self.page.shown()
        qtbot.waitExposed(self.page)

    def open(self, folder: Path) -> None:
        """Open a project and wait for the evaluation of its newest run."""
        self.session.load_engine()
        assert self.session.open(folder)
        self.until(lambda: self.page.results.state == "ready")

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def click(self, widget: object, pos: QPoint | None = None) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=pos or QPoint())

    def click_cell(self, truth: int, predicted: int) -> None:
        matrix = self.page.classes.matrix
        self.click(matrix, matrix.cell_area((truth, predicted)).center().toPoint())

    def drop(self, path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, buttons, keys)
        self.page.predict.drop.dropEvent(event)

    @property
    def answers(self) -> Answers:
        answers = self.page.classes.samples.answers
        assert answers is not None
        return answers

    @property
    def answer(self) -> str:
        return self.page.predict.answer.number.value

    def close(self) -> None:
        self.training.close()
        self.session.close()
        # pytest keeps this object for a while; the page's plots must go with the page.
        vars(self).clear()


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.close()


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
