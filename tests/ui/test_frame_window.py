"""The window: pages, actions, palette, drops, panels, status, notices, leaving."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.dialogs import paths
from ui.main_window import MainWindow
from ui.pages.start_recent import RecentRow
from ui.palette_entries import palette_entries
from ui.recents import look_up
from ui.session import Session
from ui.shelf import STAGES
from workbench.core.garbage import THRESHOLDS
from workbench.core.settings import load_settings
from workbench.graph import edits
from workbench.project import store

Settle = Callable[[Session], None]
MakeProject = Callable[..., Path]


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    target = QApplication.focusWidget() or window
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    qtbot.keyClick(target, key, held)


def answer(name: str) -> None:
    """Answer the next question by pressing one of its buttons."""

    def click() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None, "no question was asked"
        button = dialog.findChild(QPushButton, f"answer_{name}")
        assert button is not None
        button.click()

    QTimer.singleShot(50, click)


def drop(window: MainWindow, path: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(500, 400), copy, data, left, none)
    QApplication.sendEvent(window, enter)
    assert window.veil.isVisible()
    event = QDropEvent(QPointF(500, 400), copy, data, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def test_that_each_stage_has_a_key_and_a_place_on_the_rail(window: MainWindow, qtbot: QtBot) -> None:
    keys = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)
    for (name, _, _, _), key in zip(STAGES, keys, strict=True):
        press(qtbot, window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.current == name
        assert window.rail.buttons[name].isChecked()
    qtbot.mouseClick(window.rail.buttons["data"], Qt.MouseButton.LeftButton)
    assert window.current == "data"
    assert not window.rail.buttons["deploy"].isChecked()
    press(qtbot, window, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert window.current == "start"
    assert not any(button.isChecked() for button in window.rail.buttons.values())


def test_that_every_action_stands_in_a_menu_and_in_the_palette(window: MainWindow) -> None:
    for name in window.stages:
        window.show_page(name)

    def inside(menu: QMenu) -> set[str]:
        return {action.objectName() for action in menu.actions() if isinstance(action, QAction) and action.objectName()}

    everything = set(window.actions_.actions)
    listed = {action.id for action in window.actions_.actions.values() if action.listed}
    in_menus = set().union(*(inside(menu) for menu in window.menus.menus.values()))
    in_palette = {entry.id for entry in palette_entries(window) if entry.id}
    assert in_menus == listed
    assert in_palette == everything - {"palette.open"}


def test_that_no_two_actions_of_one_place_share_a_shortcut(window: MainWindow) -> None:
    for name in window.stages:
        window.show_page(name)
    seen: dict[tuple[str, str], str] = {}
    for action in window.actions_.actions.values():
        place = action.menu if action.menu in window.stages else "window"
        keys = action.keys.toString()
        if keys:
            for shared in {place, "window"}:
                assert (shared, keys) not in seen, f"{action.id} and {seen.get((shared, keys))} both want {keys}"
            seen[place, keys] = action.id


def test_that_the_palette_finds_and_does(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_
    assert palette.isVisible()
    assert palette.search.hasFocus()
    qtbot.keyClicks(palette.search, "gtev")
    assert palette.found()[0].id == "go.evaluate"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.current == "evaluate"


def test_that_the_palette_says_why_not_and_leaves_on_escape(window: MainWindow, qtbot: QtBot) -> None:
    window.open_palette()
    qtbot.keyClicks(window.palette_.search, "save as")
    entry = window.palette_.found()[0]
    assert entry.id == "file.save_as"
    assert entry.reason == "no project is open"
    assert entry.keys == "Ctrl+Shift+S"
    qtbot.keyClick(window.palette_.search, Qt.Key.Key_Return)
    assert window.palette_.isVisible()
    qtbot.keyClick(window.palette_.search, Qt.Key.Key_Escape)
    assert not window.palette_.isVisible()


def test_that_the_palette_adds_a_layer_and_undo_takes_it_off(window: MainWindow, qtbot: QtBot) -> None:
    window.session.new_draft()
    window.open_palette()
    qtbot.keyClicks(window.palette_.search, "add conv2d")
    qtbot.keyClick(window.palette_.search, Qt.Key.Key_Return)
    assert [node.layer for node in window.session.project.graph.nodes] == ["Input", "Output", "Conv2D"]
    window.actions_.run("edit.undo")
    assert len(window.session.project.graph.nodes) == 2


def test_that_undo_and_redo_have_keys_buttons_and_names(window: MainWindow, qtbot: QtBot) -> None:
    window.session.new_draft()
    window.session.edit_graph("Add Dense", lambda graph: edits.append(graph, "Dense", {"units": 1})[0])
    assert "Add Dense" in window.header.undo.toolTip()
    assert window.header.dirty.isVisible()
    qtbot.mouseClick(window.header.undo, Qt.MouseButton.LeftButton)
    assert len(window.session.project.graph.nodes) == 2
    assert not window.header.dirty.isVisible()
    assert not window.header.undo.isEnabled()
    window.activateWindow()
    press(qtbot, window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert len(window.session.project.graph.nodes) == 3


def test_that_a_dropped_table_becomes_the_data(window: MainWindow, tmp_path: Path, settle: Settle) -> None:
    lines = [f"{number % 7},{number % 3},{'ab'[number % 2]}" for number in range(60)]
    (tmp_path / "things.csv").write_text("\n".join(["width,height,kind", *lines]), encoding="utf-8")
    assert drop(window, tmp_path / "things.csv")
    settle(window.session)
    assert not window.veil.isVisible()
    assert window.current == "data"
    assert window.session.project.info is not None
    assert window.session.project.info.classes == ("a", "b")


def test_that_a_dropped_project_opens(window: MainWindow, make_project: MakeProject, qtbot: QtBot) -> None:
    folder = make_project("dropped")
    assert drop(window, folder)
    qtbot.waitUntil(lambda: window.session.folder == folder)
    assert window.windowTitle().startswith("dropped")


def test_that_side_panels_fold_and_are_remembered(
    window: MainWindow, qtbot: QtBot, make_project: MakeProject, settle: Settle
) -> None:
    window.files.open_folder(make_project("p", "iris"))
    settle(window.session)
    window.show_page("data")
    splitter = window.pages["data"].splitter
    assert splitter is not None
    assert splitter.left is not None
    assert splitter.left.isVisible()
    press(qtbot, window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert not splitter.left.isVisible()
    press(qtbot, window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert splitter.right is not None
    assert not splitter.right.isVisible()
    widths = load_settings().layouts[f"{window.session.folder}|data"]
    assert all(width < 0 for width in widths)
    press(qtbot, window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert splitter.left.isVisible()


def test_that_the_status_bar_counts_problems_and_names_the_work(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.status.problems.isVisible()
    started = window.session.run_task("Counting sheep", lambda token, progress: token._stop.wait(20))
    qtbot.waitUntil(lambda: started in window.status.tasks)
    chip = window.status.findChildren(QWidget)
    assert any(isinstance(part, QAbstractButton) and "Counting sheep" in part.toolTip() for part in chip)
    started.cancel()
    qtbot.waitUntil(lambda: started not in window.status.tasks)
    window.status.begin()
    assert window.status.memory.text().endswith("GB free")


def test_that_an_error_is_a_notice_with_an_action_and_stays(window: MainWindow, qtbot: QtBot) -> None:
    done: list[int] = []
    window.notify("error", "The disk is full.", "Free some space.", ("Try again", lambda: done.append(1)))
    window.notify("error", "The disk is full.", "Free some space.", ("Try again", lambda: done.append(1)))
    assert len(window.toasts.toasts) == 1
    toast = window.toasts.toasts[0]
    assert toast.isVisible()
    assert toast.button is not None
    qtbot.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    assert done == [1]
    assert not window.toasts.toasts


def test_that_two_clicks_lead_to_a_network_ready_to_train(window: MainWindow, qtbot: QtBot, settle: Settle) -> None:
    qtbot.mouseClick(window.pages["start"].findChild(QWidget, "quickstart_flowers"), Qt.MouseButton.LeftButton)
    assert window.current == "train"
    settle(window.session)
    assert window.session.dataset is not None
    button = window.pages["train"].findChild(QPushButton, "train_button")
    assert button is not None
    assert button.isVisible()


def test_that_a_card_can_be_chosen_by_keyboard(window: MainWindow, qtbot: QtBot, settle: Settle) -> None:
    card = window.pages["start"].findChild(QWidget, "quickstart_flowers")
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    settle(window.session)
    assert window.session.project.name == "iris-mlp"


def test_that_recent_projects_are_listed_newest_first(
    window: MainWindow, make_project: MakeProject, qtbot: QtBot, settle: Settle
) -> None:
    first, second = make_project("first"), make_project("second")
    window.files.open_folder(first)
    window.files.open_folder(second)
    assert window.files.recents == [second, first]
    window.show_page("start")
    settle(window.session)

    def listed() -> list[str]:
        rows = window.pages["start"].findChildren(RecentRow)
        return [row.project.name for row in rows if row.isVisible()]

    qtbot.waitUntil(lambda: listed() == ["second", "first"])
    window.menus.recent.aboutToShow.emit()
    assert [action.text() for action in window.menus.recent.actions()] == [str(second), str(first)]


@pytest.mark.parametrize("choice", ["save", "discard", "cancel"])
def test_that_closing_asks_about_unsaved_changes(window: MainWindow, make_project: MakeProject, choice: str) -> None:
    folder = make_project()
    window.files.open_folder(folder)
    window.session.edit_graph("Add Dense", lambda graph: edits.append(graph, "Dense", {"units": 1})[0])
    window.session.autosave()
    answer(choice)
    event = QCloseEvent()
    QApplication.sendEvent(window, event)
    assert event.isAccepted() == (choice != "cancel")
    assert len(store.load(folder).graph.nodes) == (3 if choice == "save" else 2)
    assert (store.recovered(folder) is not None) == (choice == "cancel")


def test_that_a_draft_is_kept_without_a_question_and_an_empty_one_is_not(window: MainWindow, settle: Settle) -> None:
    window.files.new()
    empty = window.session.folder
    window.files.quickstart("iris-mlp")
    settle(window.session)
    kept = window.session.folder
    window.session.edit_graph("Add Dense", lambda graph: edits.append(graph, "Dense", {"units": 1})[0])
    changed = window.session.project
    window.files.new()
    assert empty is not None
    assert not empty.exists()
    assert kept is not None
    assert store.load(kept) == changed


def test_that_a_draft_is_discarded_only_after_asking(window: MainWindow, settle: Settle) -> None:
    window.files.quickstart("iris-mlp")
    settle(window.session)
    folder = window.session.folder
    assert folder is not None
    answer("cancel")
    window.actions_.run("file.discard_draft")
    assert folder.exists()
    answer("discard")
    window.actions_.run("file.discard_draft")
    assert not folder.exists()
    assert not window.session.is_open
    assert window.current == "start"


def test_that_saving_a_draft_asks_for_a_place(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settle: Settle
) -> None:
    monkeypatch.setattr(paths, "choose_new_folder", lambda parent, name: tmp_path / "kept")
    window.files.quickstart("iris-mlp")
    settle(window.session)
    window.actions_.run("file.save")
    assert window.session.folder == tmp_path / "kept"
    assert not window.session.is_draft
    assert window.windowTitle().startswith("kept")
    assert window.files.recents == [tmp_path / "kept"]


def test_that_work_lost_in_a_crash_is_offered_on_the_start_page(
    window: MainWindow, make_project: MakeProject, qtbot: QtBot, settle: Settle
) -> None:
    folder = make_project()
    project = store.load(folder)
    lost = project.model_copy(update={"graph": edits.append(project.graph, "Dense", {"units": 1})[0]})
    store.autosave(lost, folder)
    window.preferences.set(window.preferences.settings.with_recent(folder))
    settle(window.session)
    window.files.recents_changed.emit()
    settle(window.session)
    assert look_up([folder])[0].unsaved
    restore = window.pages["start"].findChild(QPushButton, "restore_button")
    qtbot.mouseClick(restore, Qt.MouseButton.LeftButton)
    assert window.session.project == lost
    assert window.session.dirty


@pytest.mark.parametrize(("choice", "layers"), [("restore", 3), ("saved", 2)])
def test_that_opening_a_project_that_crashed_asks(
    window: MainWindow, make_project: MakeProject, choice: str, layers: int
) -> None:
    folder = make_project()
    project = store.load(folder)
    lost = project.model_copy(update={"graph": edits.append(project.graph, "Dense", {"units": 1})[0]})
    store.autosave(lost, folder)
    answer(choice)
    assert window.files.open_folder(folder)
    assert len(window.session.project.graph.nodes) == layers


def test_that_every_control_of_the_frame_has_a_name(window: MainWindow) -> None:
    for name in ("start", *window.stages):
        window.show_page(name)
        nameless = [
            f"{type(button).__name__} in {type(button.parent()).__name__}"
            for button in window.findChildren(QAbstractButton)
            if button.isVisible() and not (button.accessibleName() or button.text() or button.toolTip())
        ]
        assert not nameless, name


def test_that_the_window_fits_a_small_screen(window: MainWindow) -> None:
    window.resize(1100, 700)
    QApplication.processEvents()
    for name in ("start", *window.stages):
        window.show_page(name)
        assert window.size().width() <= 1100, name
        assert window.minimumSizeHint().width() <= 1100, f"{name} wants {window.minimumSizeHint().width()} px"


def test_that_the_window_opens_no_larger_than_the_screen_has_room_for(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    room = window.screen().availableGeometry().size()
    least = window.minimumSize()
    assert window.width() <= max(room.width(), least.width())
    assert window.height() <= max(room.height(), least.height())


def test_that_the_window_never_waits_long_for_the_interpreter(window: MainWindow) -> None:
    assert sys.getswitchinterval() <= 0.001
    assert gc.get_threshold() == THRESHOLDS
