"""The Data page on real data, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from ui.pages.data import DataPage
from ui.pages.data_columns import CATEGORY, USE
from ui.pages.data_gallery import TILE_ROLE
from ui.session import Session
from workbench.data.catalogue import datasets

PATIENCE_MS = 30_000
CSV = "age,city,income,bought\n" + "".join(
    f"{20 + row % 40},{('Rome', 'Oslo', 'Lima')[row % 3]},{1000 + 13 * row},{('yes', 'no')[row % 2]}\n"
    for row in range(90)
)


class Stage:
    """A session on a draft project and the page over it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.page = DataPage(self.session)
        qtbot.addWidget(self.page)
        self.page.resize(1300, 800)
        self.page.show()
        qtbot.waitExposed(self.page)

    def close(self) -> None:
        self.session.close()
        # pytest keeps this object for a while; the page's plots must go with the page.
        vars(self).clear()

    def settle(self) -> None:
        """Wait until nothing is being read and what was read is shown."""
        self.qtbot.waitUntil(lambda: self.session.loading is None, timeout=PATIENCE_MS)
        self.qtbot.wait(10)

    def pick(self, source: str) -> None:
        self.page.pick(source)
        self.settle()

    def click(self, widget: object) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    @property
    def spec(self) -> object:
        return self.session.project.dataset


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.close()


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "shapes"
    generator = np.random.default_rng(0)
    for name, count in (("dark", 14), ("light", 10)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            pixels = generator.integers(0, 90, (12, 16, 3)) + (150 if name == "light" else 0)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{number}.png")
    (folder / "dark" / "broken.png").write_bytes(b"no picture")
    return folder


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_the_empty_page_offers_every_way_to_pick(stage: Stage) -> None:
    assert stage.page.views.currentWidget() is stage.page.empty
    assert stage.page.found.isHidden()
    button = stage.page.findChild(QPushButton, "pick_data_button")
    stage.click(button)
    menu = stage.page.findChild(QMenu, "pick_menu")
    titles = [action.text() for action in menu.actions()]
    assert [entry.title for entry in datasets()] == titles[-len(datasets()) :]
    digits = next(action for action in menu.actions() if action.text() == "Digits")
    menu.setActiveAction(digits)
    stage.qtbot.keyClick(menu, Qt.Key.Key_Return)
    stage.qtbot.waitUntil(lambda: stage.session.dataset is not None, timeout=PATIENCE_MS)
    assert stage.session.project.info.title == "Digits"


def test_that_a_click_on_a_built_in_dataset_shows_its_pictures(stage: Stage) -> None:
    row = stage.page.sources.rows["digits"]
    stage.click(row)
    stage.settle()
    assert stage.page.views.currentWidget() is not stage.page.empty
    assert row.isChecked()
    model = stage.page.preview.gallery.model()
    assert model.rowCount() == 1797
    first = model.index(0, 0)
    assert first.data(TILE_ROLE).title == "0"
    stage.qtbot.waitUntil(lambda: first.data(Qt.ItemDataRole.DecorationRole) is not None, timeout=PATIENCE_MS)
    assert not first.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert stage.page.dot == "ready"


def test_that_enter_on_a_row_picks_it(stage: Stage) -> None:
    row = stage.page.sources.rows["iris"]
    row.setFocus()
    stage.qtbot.keyClick(row, Qt.Key.Key_Return)
    stage.settle()
    assert stage.session.project.info.title == "Iris"
    assert stage.page.preview.rows.frame_model.rowCount() == 150


def test_that_a_pick_is_one_step_to_undo(stage: Stage) -> None:
    stage.pick("iris")
    stage.session.undo()
    stage.settle()
    assert stage.spec is None
    assert stage.page.views.currentWidget() is stage.page.empty
    stage.session.redo()
    stage.settle()
    assert stage.session.dataset is not None
    assert stage.page.sources.rows["iris"].isChecked()


def test_that_a_class_bar_filters_the_gallery_and_lets_it_go_again(stage: Stage) -> None:
    stage.pick("digits")
    balance, gallery = stage.page.found.balance, stage.page.preview.gallery
    stage.qtbot.mouseClick(balance, Qt.MouseButton.LeftButton, pos=QPoint(40, 22 * 3 + 8))
    stage.qtbot.waitUntil(lambda: gallery.model().rowCount() == 183, timeout=PATIENCE_MS)
    assert {gallery.model().index(row, 0).data(TILE_ROLE).title for row in range(183)} == {"3"}
    assert stage.page.preview.classes.currentIndex() == 4
    stage.qtbot.keyClick(balance, Qt.Key.Key_Space)
    assert gallery.model().rowCount() == 1797


def test_that_a_sample_that_is_clicked_is_shown_larger(stage: Stage) -> None:
    stage.pick("digits")
    gallery = stage.page.preview.gallery
    place = gallery.visualRect(gallery.model().index(5, 0)).center()
    stage.qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=place)
    detail = stage.page.preview.detail
    stage.qtbot.waitUntil(detail.isVisible, timeout=PATIENCE_MS)
    assert detail.label.text().endswith("5")
    assert "8 × 8" in detail.note.text()


def test_that_a_folder_of_pictures_names_the_file_that_is_broken(stage: Stage, pictures: Path) -> None:
    stage.pick(str(pictures))
    info = stage.session.project.info
    assert info.classes == ("dark", "light")
    assert info.samples == 24
    rows = stage.page.found.problems.rows
    named = [row for row in rows if any("broken.png" in item for item in row.problem.items)]
    assert named
    button = named[0].findChild(QPushButton)
    stage.click(button)
    shown = [label.text() for label in named[0].findChildren(QLabel) if label.isVisible()]
    assert any("broken.png" in text for text in shown)
    assert stage.page.sources.own.full_text() == "shapes"


def test_that_the_picture_size_is_one_edit_that_can_be_undone(stage: Stage, pictures: Path) -> None:
    stage.pick(str(pictures))
    box = stage.page.found.pictures.width_box
    box.setFocus()
    box.selectAll()
    stage.qtbot.keyClicks(box, "20")
    stage.qtbot.keyClick(box, Qt.Key.Key_Return)
    stage.settle()
    assert stage.session.project.info.input_shape[1] == 20
    assert not stage.page.found.pictures.reset.isHidden()
    stage.click(stage.page.found.pictures.reset)
    stage.settle()
    assert stage.spec.width is None
    stage.session.undo()
    stage.settle()
    assert stage.spec.width == 20


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


def test_that_data_that_cannot_be_read_say_why_and_offer_a_way_on(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("", encoding="utf-8")
    stage.pick(str(path))
    assert stage.page.views.currentWidget() is stage.page.failed
    words = stage.page.findChild(QLabel, "failed_words").text()
    assert words
    assert stage.page.dot == "attention"
    path.write_text(CSV, encoding="utf-8")
    stage.click(stage.page.failed.button)
    stage.settle()
    assert stage.session.project.info.samples == 90


def test_that_a_pick_that_fails_leaves_the_data_in_use(stage: Stage, tmp_path: Path) -> None:
    stage.pick("iris")
    stage.pick(str(tmp_path / "nowhere.csv"))
    assert stage.session.project.info.title == "Iris"
    assert stage.page.preview.isVisible()
    assert stage.page.note.isVisible()
    assert "nowhere.csv" in stage.page.note.label.text()


def test_that_reading_can_be_cancelled(stage: Stage, pictures: Path) -> None:
    stage.page.pick(str(pictures))
    assert stage.page.views.currentWidget() is stage.page.working
    assert stage.page.dot == "running"
    stage.click(stage.page.working.cancel)
    stage.settle()
    assert stage.spec is None
    assert stage.page.views.currentWidget() is stage.page.empty


def test_that_a_fetch_without_a_network_is_told_in_place(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    row = stage.page.sources.rows["california_housing"]
    stage.click(row)
    assert row.working
    stage.settle()
    assert not row.working
    assert stage.page.views.currentWidget() is stage.page.failed
    assert stage.page.failed.hint.text()


def test_that_arrays_are_drawn_as_curves(stage: Stage, tmp_path: Path) -> None:
    time = np.linspace(0, 6, 40, dtype=np.float32)
    x = np.stack([np.sin(time * (1 + number % 2)) for number in range(40)])[:, :, None]
    path = tmp_path / "waves.npz"
    np.savez(path, x=x, y=np.arange(40) % 2)
    stage.pick(str(path))
    assert stage.session.project.info.kind == "array"
    gallery = stage.page.preview.gallery
    gallery.setCurrentIndex(gallery.model().index(1, 0))
    stage.qtbot.waitUntil(stage.page.preview.detail.isVisible, timeout=PATIENCE_MS)
    assert stage.page.preview.detail.plot.isVisible()
    assert len(stage.page.preview.detail.plot.listDataItems()) == 1


def test_that_sixty_thousand_tiles_are_laid_out_at_once(stage: Stage) -> None:
    stage.pick("digits")
    dataset, gallery = stage.session.dataset, stage.page.preview.gallery
    gallery.show_samples(dataset, np.arange(60_000) % 1797, lambda row: stage.page.preview._tile(dataset, row % 1797))
    stage.qtbot.wait(20)
    gallery.scrollToBottom()
    stage.qtbot.wait(20)
    assert gallery.indexAt(gallery.viewport().rect().center()).row() > 59_000


def test_that_the_palette_offers_every_source(stage: Stage) -> None:
    ids = {action.id for action in stage.page.actions_here()}
    assert {"data.folder", "data.file", "data.pick.digits"} <= ids


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
