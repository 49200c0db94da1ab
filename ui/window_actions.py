"""The window's own actions: files, undo, views, pages, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from ui.actions import Action

if TYPE_CHECKING:
    from ui.main_window import MainWindow

Key = QKeySequence.StandardKey


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def window_actions(window: MainWindow) -> list[Action]:
    """Every action that is not a page's own."""
    return [*_files(window), *_edits(window), *_views(window), *_places(window), *_help(window)]


def _files(window: MainWindow) -> list[Action]:
    session, files = window.session, window.files

    def closed() -> str | None:
        return None if session.is_open else _tr("no project is open")

    def no_draft() -> str | None:
        return None if session.is_open and session.is_draft else _tr("the open project is no draft")

    return [
        Action("file.new", _tr("New project"), files.new, "file", Key.New, "file-plus"),
        Action("file.open", _tr("Open project…"), files.open, "file", Key.Open, "folder-open"),
        Action(
            "file.import",
            _tr("Import Keras model…"),
            files.import_model,
            "file",
            None,
            "file-input",
            words="open foreign h5 keras json load",
        ),
        Action("file.save", _tr("Save"), files.save, "file", Key.Save, "save", closed, group=1),
        Action("file.save_as", _tr("Save as…"), files.save_as, "file", "Ctrl+Shift+S", "save-all", closed, group=1),
        Action(
            "file.discard_draft", _tr("Discard draft…"), files.discard_draft, "file", None, "trash-2", no_draft, group=1
        ),
        Action("file.preferences", _tr("Preferences…"), window.show_preferences, "file", "Ctrl+,", "settings", group=2),
        Action("file.quit", _tr("Quit"), window.close, "file", "Ctrl+Q", "log-out", group=3, words="exit close"),
    ]


def _edits(window: MainWindow) -> list[Action]:
    session = window.session

    def nothing_to_undo() -> str | None:
        return None if session.undo_label else _tr("nothing was changed yet")

    def nothing_to_redo() -> str | None:
        return None if session.redo_label else _tr("nothing was undone")

    return [
        Action("edit.undo", _tr("Undo"), session.undo, "edit", Key.Undo, "undo-2", nothing_to_undo),
        Action("edit.redo", _tr("Redo"), session.redo, "edit", Key.Redo, "redo-2", nothing_to_redo),
        Action(
            "palette.open",
            _tr("Search or do anything…"),
            window.open_palette,
            "edit",
            "Ctrl+K",
            "search",
            group=1,
            words="command palette find",
        ),
    ]


def _views(window: MainWindow) -> list[Action]:
    preferences = window.preferences

    def no_left() -> str | None:
        return None if window.panel("left") is not None else _tr("this page has no left panel")

    def no_right() -> str | None:
        return None if window.panel("right") is not None else _tr("this page has no right panel")

    looks = {"system": _tr("Look: as the desktop"), "light": _tr("Look: light"), "dark": _tr("Look: dark")}
    icons = {"system": "sun-moon", "light": "sun", "dark": "moon"}
    return [
        Action(
            "view.left",
            _tr("Left panel"),
            lambda: window.fold("left"),
            "view",
            "Ctrl+B",
            "panel-left",
            no_left,
            lambda: window.unfolded("left"),
            words="fold toggle sidebar",
        ),
        Action(
            "view.right",
            _tr("Right panel"),
            lambda: window.fold("right"),
            "view",
            "Ctrl+I",
            "panel-right",
            no_right,
            lambda: window.unfolded("right"),
            words="fold toggle inspector",
        ),
        *(
            Action(
                f"view.{mode}",
                words,
                lambda mode=mode: preferences.update(theme=mode),  # type: ignore[misc]
                "view",
                None,
                icons[mode],
                checked=lambda mode=mode: preferences.settings.theme == mode,  # type: ignore[misc]
                words="theme color dark light",
                group=1,
            )
            for mode, words in looks.items()
        ),
        Action("view.full", _tr("Full screen"), window.toggle_full_screen, "view", Key.FullScreen, "maximize", group=2),
    ]


def _places(window: MainWindow) -> list[Action]:
    places = [("start", _tr("Start"), "Alt+Home")]
    places += [(name, title, f"Ctrl+{number}") for number, (name, title) in enumerate(window.stages.items(), start=1)]
    return [
        Action(
            f"go.{name}",
            _tr("Go to {page}").format(page=title),
            lambda name=name: window.show_page(name),  # type: ignore[misc]
            "go",
            keys,
            window.page_icon(name),
        )
        for name, title, keys in places
    ]


def _help(window: MainWindow) -> list[Action]:
    return [
        Action(
            "help.devices",
            _tr("Devices…"),
            window.show_devices,
            "help",
            None,
            "cpu",
            words="gpu cuda driver doctor hardware tensorflow",
        ),
        Action("help.log", _tr("Open log folder"), window.open_logs, "help", None, "file-text"),
        Action("help.about", _tr("About Keras Workbench"), window.show_about, "help", None, "info", words="version"),
    ]
