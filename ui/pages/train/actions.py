"""What can be done on the Train page, by menu, palette and keyboard."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.actions import Action
from ui.pages.train.runs import NAME, NOTE, TAGS
from ui.pages.train.trying import Kind

if TYPE_CHECKING:
    from ui.pages.train.page import TrainPage


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainActions", text)


def train_actions(page: TrainPage) -> list[Action]:
    """The page's actions."""
    return [*_course(page), *_trials(page), *_runs(page)]


def _course(page: TrainPage) -> list[Action]:
    training = page.training

    def idle() -> str | None:
        return None if training.is_busy else _tr("No run is at work.")

    def not_changeable() -> str | None:
        return idle() or (None if page.bar.change.isEnabled() else page.bar.change.toolTip())

    finish, stop = _tr("Finish after this epoch"), _tr("Stop after this batch")
    return [
        Action("train.start", _tr("Train"), page.train, "train", "Ctrl+Return", "play", page.why_not_train),
        Action("train.queue", _tr("Add to queue"), page.enqueue, "train", None, "list-ordered", page.why_not_plan),
        Action(
            "train.pause",
            _tr("Pause the run, or let it go on"),
            page.toggle_pause,
            "train",
            "Ctrl+Shift+Return",
            "pause",
            idle,
        ),
        Action(
            "train.change", _tr("Change the run's rate or epochs"), page.change, "train", None, "gauge", not_changeable
        ),
        Action("train.finish", finish, training.finish, "train", None, "flag", idle),
        Action("train.stop", stop, training.stop, "train", "Ctrl+.", "square", idle),
        Action(
            "train.grow",
            _tr("Give the plots' room to the runs, or back"),
            page.tabs.grow.toggle,
            "train",
            None,
            "maximize-2",
            words="hide show plots table height bigger compare",
        ),
    ]


def _trials(page: TrainPage) -> list[Action]:
    trials = page.trials

    def trial(name: Kind, title: str, icon: str, words: str) -> Action:
        start = functools.partial(page.try_first, name)
        return Action(f"try.{name}", title, start, "train", None, icon, trials.why_not, words=words, group=1)

    return [
        trial("preflight", _tr("Pre-flight check"), "flask-conical", "try before training test doctor sanity"),
        trial("rate", _tr("Find a learning rate"), "gauge", "try lr range test finder smith"),
        trial("batch", _tr("Find a batch size"), "layers-2", "try batch size finder memory speed"),
        Action(
            "try.cancel",
            _tr("Cancel the trial"),
            trials.cancel,
            "train",
            None,
            "x",
            lambda: None if trials.at_work else _tr("No trial is at work."),
            group=1,
        ),
    ]


def _runs(page: TrainPage) -> list[Action]:
    table, deeds = page.table, page.deeds

    def none() -> str | None:
        return None if table.chosen() else _tr("No run is selected.")

    def not_one() -> str | None:
        return None if len(table.chosen()) == 1 else _tr("Select one run first.")

    def not_again() -> str | None:
        return not_one() or page.why_not_plan()

    def at_work() -> str | None:
        working = table.model.live in table.chosen()
        return _tr("A run at work cannot be deleted: stop it first.") if working else none()

    def one(deed: Callable[[str], object]) -> Callable[[], object]:
        return lambda: deed(table.chosen()[0])

    def write(column: int) -> Callable[[], object]:
        return lambda: table.edit(table.chosen()[0], column)

    def not_going_on() -> str | None:
        if not_one() or page.why_not_train():
            return not_one() or page.why_not_train()
        state = deeds.going_on(table.chosen()[0])
        return None if state.can_resume or state.can_extend else _tr("The run has no state to go on from.")

    name, write_tags, write_note = write(NAME), write(TAGS), write(NOTE)
    again, take = _tr("Train the run again by its plan"), _tr("Take the run's plan for the next run")
    return [
        Action("run.name", _tr("Name the run"), name, "train", None, "pencil", not_one, group=2),
        Action("run.tags", _tr("Tag the run"), write_tags, "train", None, "tag", not_one, group=2),
        Action(
            "run.note",
            _tr("Note something about the run"),
            write_note,
            "train",
            None,
            "notebook-text",
            not_one,
            group=2,
        ),
        Action(
            "run.star",
            _tr("Star the run, or no longer"),
            lambda: deeds.toggle_star(table.chosen()),
            "train",
            None,
            "star",
            none,
            group=2,
        ),
        Action("run.go_on", _tr("Go on with the run"), page.go_on, "train", None, "play", not_going_on, group=3),
        Action("run.again", again, one(deeds.train_again), "train", None, "rotate-ccw", not_again, group=3),
        Action("run.plan", take, one(deeds.take_plan), "train", None, "sliders-horizontal", not_one, group=3),
        Action(
            "run.compare",
            _tr("Compare two runs"),
            page.compare,
            "train",
            None,
            "columns-3",
            lambda: None if len(table.chosen()) == 2 else _tr("Select two runs first."),
            words="difference diff settings curves beside",
            group=3,
        ),
        Action(
            "run.folder",
            _tr("Show the run's folder"),
            one(deeds.reveal),
            "train",
            None,
            "folder-open",
            not_one,
            group=3,
        ),
        Action(
            "run.delete",
            _tr("Delete the run"),
            lambda: deeds.delete(table.chosen()),
            "train",
            None,
            "trash-2",
            at_work,
            group=4,
            words="trash remove",
        ),
    ]
