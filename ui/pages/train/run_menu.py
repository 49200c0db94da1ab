"""The menu of the selected runs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu

from ui.pages.train.run_deeds import RunDeeds
from ui.pages.train.runs import NAME, NOTE, TAGS
from ui.pages.train.runs_table import RunsTable
from ui.theme import icon


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunMenu", text)


def run_menu(
    table: RunsTable,
    deeds: RunDeeds,
    runs: Sequence[str],
    blocked: str | None,
    go_on: Callable[[], object],
    compare: Callable[[], object],
) -> QMenu:
    """The menu for some runs.

    Args:
        table: Where they are selected.
        deeds: Carries out what is chosen.
        runs: The runs, the one at the top first.
        blocked: Why nothing can be trained now, or None.
        go_on: Goes on with the selected run.
        compare: Shows what differs between the two selected runs.
    """
    menu = QMenu(table)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    one = None if len(runs) == 1 else _tr("Select one run only.")
    two = None if len(runs) == 2 else _tr("Select two runs (Ctrl and click).")
    at_work = _tr("A run at work cannot be deleted: stop it first.") if table.model.live in runs else None

    def add(glyph: str, words: str, deed: Callable[[], object], reason: str | None = None) -> None:
        action = menu.addAction(icon(glyph, size=16), words)
        action.triggered.connect(lambda: deed())
        action.setEnabled(reason is None)
        action.setToolTip(reason or "")

    add("pencil", _tr("Name…"), lambda: table.edit(runs[0], NAME), one)
    add("tag", _tr("Tags…"), lambda: table.edit(runs[0], TAGS), one)
    add("notebook-text", _tr("Note…"), lambda: table.edit(runs[0], NOTE), one)
    add("star", _tr("Star, or no longer"), lambda: deeds.toggle_star(runs))
    menu.addSeparator()
    state = deeds.going_on(runs[0])
    busy = _tr("A run is at work.") if deeds.training.is_busy else None
    words = _tr("Extend…") if state.can_extend else _tr("Resume from its last state")
    gone = None if state.can_extend or state.can_resume else _tr("It has no state to go on from.")
    add("play", words, go_on, one or blocked or gone or busy)
    branches = menu.addMenu(icon("git-branch", size=16), _tr("Branch a new run from epoch"))
    branches.setEnabled(not one and not blocked and not busy and bool(state.kept))
    branches.menuAction().setToolTip(one or blocked or busy or ("" if state.kept else _tr("No state of it is kept.")))
    for epoch in state.kept:
        branches.addAction(str(epoch), functools.partial(deeds.training.branch, runs[0], epoch))
    add("rotate-ccw", _tr("Train again by its plan"), lambda: deeds.train_again(runs[0]), one or blocked)
    add("sliders-horizontal", _tr("Take its plan for the next run"), lambda: deeds.take_plan(runs[0]), one)
    menu.addSeparator()
    add("columns-3", _tr("Compare the two"), compare, two)
    add("copy", _tr("Copy"), table.copy)
    add("folder-open", _tr("Show its folder"), lambda: deeds.reveal(runs[0]), one)
    add("trash-2", _tr("Delete"), lambda: deeds.delete(runs), at_work)
    return menu
