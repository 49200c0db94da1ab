"""What can be done on the Train page, by menu, palette and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.actions import Action
from ui.pages.train_runs import NAME, NOTE, TAGS

if TYPE_CHECKING:
    from ui.pages.train import TrainPage


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainActions", text)


def train_actions(page: TrainPage) -> list[Action]:
    """The page's actions."""
    return [*_course(page), *_runs(page)]


def _course(page: TrainPage) -> list[Action]:
    training = page.training

    def idle() -> str | None:
        return None if training.is_busy else _tr("No run is at work.")

    def not_changeable() -> str | None:
        return idle() or (None if page.bar.change.isEnabled() else page.bar.change.toolTip())

    finish, stop = _tr("Finish after this epoch"), _tr("Stop after this batch")
    return [
        Action("train.start", _tr("Train"), training.start, "train", "Ctrl+Return", "play", page.why_not_train),
        Action("train.queue", _tr("Add to queue"), training.enqueue, "train", None, "list-ordered", page.why_not_plan),
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
        Action("run.name", _tr("Name the run"), name, "train", None, "pencil", not_one, group=1),
        Action("run.tags", _tr("Tag the run"), write_tags, "train", None, "tag", not_one, group=1),
        Action(
            "run.note",
            _tr("Note something about the run"),
            write_note,
            "train",
            None,
            "notebook-text",
            not_one,
            group=1,
        ),
        Action(
            "run.star",
            _tr("Star the run, or no longer"),
            lambda: deeds.toggle_star(table.chosen()),
            "train",
            None,
            "star",
            none,
            group=1,
        ),
        Action("run.go_on", _tr("Go on with the run"), page.go_on, "train", None, "play", not_going_on, group=2),
        Action("run.again", again, one(deeds.train_again), "train", None, "rotate-ccw", not_again, group=2),
        Action("run.plan", take, one(deeds.take_plan), "train", None, "sliders-horizontal", not_one, group=2),
        Action(
            "run.folder",
            _tr("Show the run's folder"),
            one(deeds.reveal),
            "train",
            None,
            "folder-open",
            not_one,
            group=2,
        ),
        Action(
            "run.delete",
            _tr("Delete the run"),
            lambda: deeds.delete(table.chosen()),
            "train",
            None,
            "trash-2",
            at_work,
            group=3,
            words="trash remove",
        ),
    ]
