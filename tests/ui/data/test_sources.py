"""The ways to pick data, and what the Data page says while and after they are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton

from ui.pages.data_gallery import TILE_ROLE
from workbench.data.catalogue import datasets

from .conftest import CSV, PATIENCE_MS, Stage


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


def test_that_the_palette_offers_every_source(stage: Stage) -> None:
    ids = {action.id for action in stage.page.actions_here()}
    assert {"data.folder", "data.file", "data.pick.digits"} <= ids
