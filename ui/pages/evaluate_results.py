"""What a run achieved on a part of the data: worked out behind the window, once for each run and part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from workbench.core.errors import ProjectError, WorkbenchError
from workbench.runs import store

if TYPE_CHECKING:
    from ui.session import Session
    from ui.tasks import Task
    from workbench.data.dataset import Dataset
    from workbench.engine.evaluation import Evaluation

Split = Literal["test", "validation", "train"]
State = Literal["idle", "engine", "working", "failed", "cancelled", "ready"]
Key = tuple[Path, str, Split]
KEPT_DATASETS = 2


@dataclass(frozen=True)
class Result:
    """An evaluation and the data it was made on.

    Args:
        evaluation: Of one target.
        dataset: Opened.
        place: Which of the targets that is: 0 the main one, whose evaluation holds the others'.
    """

    evaluation: Evaluation
    dataset: Dataset
    place: int = 0

    def of(self, place: int) -> Result:
        """The same of another target, from the main one's."""
        return self if not place else Result(self.evaluation.further[place - 1], self.dataset, place)


class Results(QObject):
    """The evaluation on show. `show` asks for one; `changed` tells when `state`, `result` or `error` is new."""

    changed = Signal()
    progressed = Signal(object, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept: dict[Key, Result] = {}
        self._wanted: Key | None = None
        self._task: Task | None = None
        self.state: State = "idle"
        self.result: Result | None = None
        self.error: WorkbenchError | None = None
        session.engine_changed.connect(self._engine_changed)

    def show(self, run: str, split: Split) -> None:
        """Show a run on a part of the data; what was worked out before comes at once."""
        folder = self._session.folder
        if folder is None:
            return
        key = (folder, run, split)
        if key == self._wanted and self.state in ("engine", "working", "ready"):
            return
        self._cancel_task()
        self._wanted, self.error = key, None
        self.result = self._kept.get(key)
        if self.result is not None:
            self._set("ready")
        elif self._session.engine_state == "failed":
            self.error = self._session.engine_error
            self._set("failed")
        elif self._session.engine_state != "ready":
            self._set("engine")
            self._session.load_engine()
        else:
            self._begin(key)

    def forget(self) -> None:
        """Another project is open: nothing is known of its runs."""
        self._cancel_task()
        self._kept.clear()
        self._wanted, self.result, self.error = None, None, None
        self._set("idle")

    def cancel(self) -> None:
        """Give up the evaluation in progress."""
        self._cancel_task()
        self._set("cancelled")

    def again(self) -> None:
        """Try the evaluation that failed or was cancelled once more."""
        if self._wanted is not None and self.state in ("failed", "cancelled"):
            _, run, split = self._wanted
            self._wanted = None
            self.show(run, split)

    def _set(self, state: State) -> None:
        self.state = state
        self.changed.emit()

    def _engine_changed(self) -> None:
        if self.state == "engine" and self._wanted is not None:
            _, run, split = self._wanted
            if self._session.engine_state in ("ready", "failed"):
                self._wanted = None
                self.show(run, split)

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _dataset_for(self, folder: Path, run: str) -> Dataset | None:
        """The run's data, where they are in memory already."""
        spec = store.load_plan(folder, run).project.dataset
        known = [result.dataset for result in self._kept.values()]
        if self._session.dataset is not None:
            known.insert(0, self._session.dataset)
        return next((dataset for dataset in known if dataset.spec == spec), None)

    def _begin(self, key: Key) -> None:
        folder, run, split = key
        try:
            dataset = self._dataset_for(folder, run)
        except WorkbenchError as error:
            self.error = error
            self._set("failed")
            return

        def work(token: Any, progress: Any) -> Result:
            from workbench.data.dataset import open_dataset
            from workbench.engine.evaluation import evaluate

            data = dataset
            if data is None:
                spec = store.load_plan(folder, run).project.dataset
                if spec is None:
                    raise ProjectError("The run names no data.", run, "Choose another run, or train anew.")
                data = open_dataset(spec, progress=progress, cancel=token)
            progress(None, self.tr("Predicting"))
            return Result(evaluate(folder, run, split, dataset=data, progress=progress, cancel=token), data)

        self._task = task = self._session.run_task(
            self.tr("Evaluating {run}").format(run=run),
            work,
            lambda result: self._answered(key, result),
            lambda error: self._failed(key, error),
        )
        task.progressed.connect(lambda fraction, words: self._progress(task, fraction, words))
        task.ended.connect(lambda: self._ended(task))
        self._set("working")

    def _progress(self, task: Task, fraction: float | None, words: str) -> None:
        if task is self._task:
            self.progressed.emit(fraction, words)

    def _ended(self, task: Task) -> None:
        if task is not self._task:
            return
        self._task = None
        if self.state == "working":  # cancelled from the status bar
            self._set("cancelled")

    def _answered(self, key: Key, result: Result) -> None:
        self._kept[key] = result
        self._thin()
        if key == self._wanted:
            self.result = result
            self._set("ready")

    def _thin(self) -> None:
        """Keep the data of the last few evaluations only; the rest are read again when asked for."""
        seen: list[int] = []
        for key in reversed(list(self._kept)):
            mark = id(self._kept[key].dataset)
            if mark not in seen:
                seen.append(mark)
            if seen.index(mark) >= KEPT_DATASETS:
                del self._kept[key]

    def _failed(self, key: Key, error: WorkbenchError) -> None:
        if key == self._wanted:
            self.error = error
            self._set("failed")
