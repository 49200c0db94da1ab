"""Where a run is carried out: here, on the thread that calls, or in a process of its own that is only followed here."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.control import RunControl
from workbench.core.events import Emit, RunEnded
from workbench.project.model import RunRecord, TrainPlan
from workbench.runs import isolated, store

if TYPE_CHECKING:
    from workbench.data.dataset import Dataset


@dataclasses.dataclass(frozen=True)
class Job:
    """A run to be carried out on a thread of the window's.

    Args:
        folder: The project's folder.
        run: The run's name.
        control: Steers it.
        work: Carries it out and tells its events; called on the thread.
        leave: Lets go of a run that needs no window; None for one that does.
    """

    folder: Path
    run: str
    control: RunControl
    work: Callable[[Emit], object]
    leave: threading.Event | None = None


def job_for(
    folder: Path, plan: TrainPlan, dataset: Dataset | None, *, resume: bool = False, epochs: int | None = None
) -> Job:
    """The job of a run, where its plan wants it carried out.

    Args:
        folder: The project's folder.
        plan: What to train, and how.
        dataset: The plan's dataset where it is open already.
        resume: Go on from the run's newest checkpoint.
        epochs: How many there are to be in all, where that is other than planned.
    """
    if plan.project.training.executor == "process":
        return _apart(folder, plan.run, begin=True, resume=resume, epochs=epochs)
    control = RunControl()
    if epochs is not None:
        control.set_epochs(epochs)

    def work(emit: Emit) -> None:
        from workbench.engine.trainer import train

        if resume:
            for event in store.load_events(folder, plan.run):
                if not isinstance(event, RunEnded):  # the last word is still to come
                    emit(event)
        train(folder, plan, emit, control, dataset, resume)

    return Job(folder, plan.run, control, work)


def job_at_work(folder: Path, records: Iterable[RunRecord]) -> Job | None:
    """The job of following the newest of a project's runs that is at work in a process of its own, if there is one."""
    found = isolated.at_work(folder, records)
    return _apart(folder, found[-1], begin=False) if found else None


def _apart(folder: Path, run: str, *, begin: bool, resume: bool = False, epochs: int | None = None) -> Job:
    control, leave = isolated.RemoteControl(store.run_folder(folder, run)), threading.Event()

    def work(emit: Emit) -> None:
        if begin:
            isolated.start(folder, run, resume=resume)
            if epochs is not None:
                control.set_epochs(epochs)
            if control.stop_requested:  # asked for while there was nobody to hear it
                control.stop()
        isolated.follow(folder, run, emit, leave)

    return Job(folder, run, control, work, leave)
