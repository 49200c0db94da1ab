"""The samples of the Data page: the gallery, the one that is looked at, pictures and their size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from ui.pages.data_gallery import TILE_ROLE

from .conftest import PATIENCE_MS, Stage


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
