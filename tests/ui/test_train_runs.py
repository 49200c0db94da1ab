"""The runs of a project on the Train page: named, starred, filtered, deleted and brought back, queued."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ui import moments
from ui.main_window import MainWindow
from ui.pages.train.curves import MIN_PLOT_HEIGHT
from ui.pages.train.page import TrainPage
from ui.pages.train.run_menu import run_menu
from ui.pages.train.runs import EPOCHS, NAME, STAR, TAGS
from workbench.core.events import EpochEnded, RunStarted
from workbench.graph import edits
from workbench.project import presets
from workbench.project import store as projects
from workbench.runs import notes, queue, store, trash


@pytest.fixture
def page(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Iterator[TrainPage]:
    """The Train page of a project with three runs that have ended."""
    folder = tmp_path / "p"
    project = presets.preset("digits-mlp").project
    projects.create(project, folder)
    for number in range(3):
        run = store.new_run(folder, project).run
        told = {"outcome": "done", "epochs": number + 1, "metrics": {"val_accuracy": 0.9 - number / 10}}
        store.write_record(folder, store.load_record(folder, run).model_copy(update=told))
    window.session.open(folder)
    window.show_page("train")
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 3)
    yield page
    qtbot.waitUntil(lambda: not window.session.busy, timeout=20_000)


def folder_of(page: TrainPage) -> Path:
    assert page.session.folder is not None
    return page.session.folder


def shown(page: TrainPage) -> list[str]:
    model = page.table.view.model()
    return [str(model.index(row, NAME).data()) for row in range(model.rowCount())]


def click(page: TrainPage, qtbot: QtBot, run: str, column: int, *, twice: bool = False) -> None:
    view = page.table.view
    place = view.visualRect(page.table._place(run, column)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    if twice:
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_that_a_name_typed_in_its_place_is_kept_and_used_in_the_legend(page: TrainPage, qtbot: QtBot) -> None:
    click(page, qtbot, "run-002", NAME, twice=True)
    editor = page.table.view.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Wide head")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: notes.load_notes(folder_of(page), "run-002").title == "Wide head")
    assert shown(page) == ["run-003", "Wide head", "run-001"]
    page.table.select(["run-002", "run-001"])
    assert page.table.selection() == ["run-002", "run-001"]
    qtbot.waitUntil(lambda: page.curves.names == {"run-002": "Wide head", "run-001": "run-001"})


def test_that_a_click_on_the_star_stars_and_tags_are_told_apart_by_commas(page: TrainPage, qtbot: QtBot) -> None:
    click(page, qtbot, "run-001", STAR)
    qtbot.waitUntil(lambda: notes.load_notes(folder_of(page), "run-001").starred)
    model = page.table.model
    model.setData(model.index(model.row_of("run-001"), TAGS), "slow, wide,slow")
    qtbot.waitUntil(lambda: notes.load_notes(folder_of(page), "run-001").tags == ("slow", "wide"))
    click(page, qtbot, "run-001", STAR)
    qtbot.waitUntil(lambda: not notes.load_notes(folder_of(page), "run-001").starred)


def test_that_the_table_filters_by_what_it_says_and_sorts_by_its_heads(page: TrainPage, qtbot: QtBot) -> None:
    page.deeds.note("run-001", "note", "the one with dropout")
    qtbot.keyClicks(page.table.search, "DROPOUT")
    assert shown(page) == ["run-001"]
    assert page.table.count.text() == "1 of 3 runs"
    page.table.search.clear()
    page.table.view.sortByColumn(4, Qt.SortOrder.AscendingOrder)
    assert shown(page) == ["run-003", "run-002", "run-001"], "from the worst to the best"


def test_that_a_deleted_run_comes_back_by_undo_and_by_the_notice(
    page: TrainPage, window: MainWindow, qtbot: QtBot
) -> None:
    folder = folder_of(page)
    page.table.select(["run-001", "run-002"])
    qtbot.keyClick(page.table.view, Qt.Key.Key_Delete)
    assert shown(page) == ["run-003"]
    assert trash.deleted_runs(folder) == ["run-001", "run-002"]
    assert window.session.undo_label == "Delete run-002, run-001"
    window.session.undo()
    assert shown(page) == ["run-003", "run-002", "run-001"]
    assert window.session.undo_label is None
    page.deeds.delete(["run-003"])
    page.deeds.delete(["run-001"])
    button = window.toasts.toasts[-2].button
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shown(page) == ["run-003", "run-002"], "each notice takes back its own deed"
    window.session.undo()
    assert shown(page) == ["run-003", "run-002", "run-001"]


def test_that_an_edit_leaves_nothing_to_take_back(page: TrainPage, window: MainWindow) -> None:
    page.deeds.delete(["run-003"])
    window.session.do("Rename", lambda project: project.model_copy(update={"name": "other"}))
    assert window.session.undo_label == "Rename"
    window.session.undo()
    assert shown(page) == ["run-002", "run-001"], "undo undid the edit, not the deletion"


def test_that_rows_are_copied_as_a_table(page: TrainPage) -> None:
    page.table.select(["run-001"])
    page.table.copy()
    head, line = QGuiApplication.clipboard().text().split("\n")
    assert head.split("\t")[:2] == ["Run", "State"]
    assert line.split("\t")[:4] == ["run-001", "done", "1", "validation accuracy 0.9000"]


def test_that_the_menu_says_why_something_cannot_be_done(page: TrainPage) -> None:
    menu = run_menu(page.table, page.deeds, ["run-001", "run-002"], None, page.go_on, page.compare)
    reasons = {action.text(): action.toolTip() for action in menu.actions() if not action.isEnabled() and action.text()}
    assert reasons["Name…"] == "Select one run only."
    assert "Delete" not in reasons
    menu.close()
    menu = run_menu(page.table, page.deeds, ["run-001"], "No data are picked yet.", page.go_on, page.compare)
    again = next(action for action in menu.actions() if action.text().startswith("Train again"))
    assert not again.isEnabled()
    assert again.toolTip() == "No data are picked yet."
    compare = next(action for action in menu.actions() if action.text() == "Compare the two")
    assert compare.toolTip() == "Select two runs (Ctrl and click)."
    menu.close()


def test_that_two_runs_are_compared_by_figures_settings_and_drawing(page: TrainPage) -> None:
    folder = folder_of(page)
    head = page.session.project.graph.of_layer("Dense")[0]
    wide = page.session.project.model_copy(
        update={"graph": edits.set_params(page.session.project.graph, head.id, {"units": 77})}
    )
    changed = wide.model_copy(update={"training": wide.training.model_copy(update={"learning_rate": 0.5})})
    run = store.new_run(folder, changed).run
    store.write_record(folder, store.load_record(folder, run).model_copy(update={"metrics": {"val_accuracy": 0.95}}))
    page.training.look_again()
    page.table.select([run, "run-001"])
    menu = run_menu(page.table, page.deeds, page.table.chosen(), None, page.go_on, page.compare)
    next(action for action in menu.actions() if action.text() == "Compare the two").trigger()
    menu.close()
    assert page.tabs.currentWidget() is page.compared
    head_line, *lines = page.compared.text().split("\n")
    assert head_line.split("\t") == ["", "run-001", run, "Change"]
    assert "validation accuracy\t0.9000\t0.9500\t+0.0500" in lines
    assert "learning rate\t0.001\t0.5\t" in lines
    assert any(line.startswith(f"{head.name} (Dense): units\t") and line.split("\t")[2] == "77" for line in lines)
    assert page.compared.tree.topLevelItemCount() == 3
    page.table.select(["run-001"])
    assert not page.compared.tree.isVisible()
    assert "Select two runs" in page.compared.words.text()
    assert not page.compared.copy_button.isVisible()


def test_that_a_runs_plan_becomes_the_projects_by_an_edit(page: TrainPage) -> None:
    session = page.session
    before = session.project.training
    session.do(
        "More", lambda project: project.model_copy(update={"training": before.model_copy(update={"epochs": 77})})
    )
    page.deeds.take_plan("run-001")
    assert session.project.training == before
    session.undo()
    assert session.project.training.epochs == 77


def test_that_the_queue_is_dragged_into_another_order_and_survives(page: TrainPage, qtbot: QtBot) -> None:
    folder = folder_of(page)
    names = [queue.enqueue(folder, page.session.project).run for _ in range(3)]
    page.training.look_again()
    panel = page.queue
    assert panel.runs == names
    assert page.tabs.tabText(page.tabs.indexOf(panel)) == "Queue (3)"
    page.tabs.setCurrentWidget(panel)
    assert panel.list.model().moveRow(panel.list.rootIndex(), 2, panel.list.rootIndex(), 0)
    assert queue.queued(folder) == [names[2], names[0], names[1]]
    panel.list.setCurrentRow(0)
    qtbot.keyClick(panel.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert queue.queued(folder) == [names[0], names[2], names[1]]
    qtbot.mouseClick(panel.take_out, Qt.MouseButton.LeftButton)
    assert queue.queued(folder) == [names[0], names[1]]
    page.session.undo()
    assert set(queue.queued(folder)) == set(names)


def test_that_the_tables_below_the_plots_have_room_in_the_smallest_window_and_all_of_it_when_wanted(
    page: TrainPage, qtbot: QtBot
) -> None:
    page.window().resize(1100, 700)
    qtbot.waitUntil(lambda: page.curves.height() > 0)
    view = page.table.view
    qtbot.waitUntil(lambda: view.viewport().rect().contains(view.visualRect(view.model().index(2, NAME))))
    page.tabs.setCurrentWidget(page.compared)
    assert page.table.search.isHidden(), "there is nothing to filter here"
    before = page.tabs.height()
    qtbot.mouseClick(page.tabs.grow, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.tabs.height() > 2 * before)
    assert not page.curves.isVisible()
    assert page.tabs.grow.toolTip() == "Show the plots again"
    qtbot.mouseClick(page.tabs.grow, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.tabs.height() == before)
    assert page.curves.isVisible()


def test_that_plots_for_which_there_is_no_room_are_scrolled_to_and_not_squeezed(page: TrainPage, qtbot: QtBot) -> None:
    page.window().resize(1100, 700)
    told = [RunStarted("run-001", 2, 10, 32, 320, 80, 5, "CPU")]
    told += [EpochEnded("run-001", n, {"loss": 1.0, "accuracy": 0.5}, 0.1, 9.0, 0.001, 2.0) for n in (1, 2)]
    figures = ["loss", "accuracy", "learning_rate", "gradient_norm"]
    page.curves.show_runs({"run-001": told})
    page.curves.choose(figures)
    bar = page.curves.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert all(page.curves.plot(figure).height() >= MIN_PLOT_HEIGHT for figure in figures)
    page.window().resize(1100, 1200)
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_that_figures_and_row_follow_a_run_seldom_and_tell_its_last_state_though_nothing_more_comes(
    page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(moments, "time", SimpleNamespace(monotonic=lambda: now[0]))
    page.training.folder = folder_of(page)
    page.table.refresh("run-001")
    qtbot.waitUntil(lambda: page.run_events.wanted == ("run-001",) and not page.session.busy)
    row = page.table.model.row_of("run-001")

    def told() -> tuple[str, str]:
        return page.status.epoch.value.split(" ")[0], page.table.model.index(row, EPOCHS).data()

    def pass_epoch(number: int) -> None:
        page.training.events.emit([EpochEnded("run-001", number, {"loss": 1.0 / number}, 0.1, 9.0)])

    page.training.events.emit([RunStarted("run-001", 40, 10, 32, 320, 80, 5, "CPU")])
    assert told() == ("0", "–"), "at once"
    for number in (1, 2, 3):
        pass_epoch(number)
        assert told() == ("0", "–")
    qtbot.waitUntil(lambda: told() == ("3", "3"))
    now[0] += 60
    pass_epoch(4)
    assert told() == ("4", "4"), "after a quiet time at once again"
