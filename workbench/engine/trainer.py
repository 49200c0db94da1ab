"""Carries out a training plan on the thread it is called from: a plan in, events out, the best model on disk."""

from __future__ import annotations

import dataclasses
import logging
import math
import time
from pathlib import Path

import keras
import numpy as np

from workbench.core.control import RunControl
from workbench.core.errors import Cancelled, FileError, TrainingError
from workbench.core.events import Changed, Emit, EpochEnded, Event, Notice, Outcome, RunEnded, RunStarted
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.encode import model_input
from workbench.engine import adapt, exactness, replicas, runtime
from workbench.engine.build import answering, build_model
from workbench.engine.checkpoint.going_on import branched, require_same
from workbench.engine.compile import trainable_twin
from workbench.engine.course import Course, Past
from workbench.engine.failures import explained
from workbench.engine.feed import Feed
from workbench.engine.leak import purged_gradients
from workbench.engine.logs import Logs
from workbench.engine.memory import OutOfMemory
from workbench.engine.preflight import require_ready
from workbench.engine.reporter import in_order
from workbench.engine.watchers import Watched
from workbench.graph.model import Graph
from workbench.project.figures import spelled
from workbench.project.model import RunRecord, TrainPlan
from workbench.project.outputs import End, ends_of
from workbench.project.store import WEIGHTS_FILE
from workbench.runs import checkpoints, process, store

log = logging.getLogger(__name__)

ADAPT_SAMPLES = 20_000
"""About how many samples a layer learns its statistics or its vocabulary from before the training."""


def train(
    folder: Path,
    plan: TrainPlan,
    emit: Emit,
    control: RunControl,
    dataset: Dataset | None = None,
    resume: bool = False,
) -> RunEnded:
    """Carry out a plan that `runs.store.new_run` made.

    What the user can cause is never raised: the run then ends as "failed", with words and a hint. Exactly one
    `RunEnded` is told, last of all.

    Args:
        folder: The project's folder.
        plan: What to train, and how.
        emit: Told every event, on this thread; must be quick.
        control: `stop` ends the run after the current batches and keeps the model, `finish` after the current epoch.
        dataset: The plan's dataset where it is open already.
        resume: Go on from the run's newest checkpoint; from the start where there is none.

    Returns:
        The last event.
    """
    try:
        with process.claimed(store.run_folder(folder, plan.run)), purged_gradients():
            return _Run(folder, plan, emit, control, resume).carry_out(dataset)
    except process.Taken as taken:
        ended = RunEnded(plan.run, "failed", f"{taken.rule} Received: {taken.received}.", None, {}, 0.0, taken.hint)
        emit(ended)  # nothing of a run that another one carries out is touched
        return ended


class _Run:
    """One run's state: what it has told, and what its record says."""

    def __init__(self, folder: Path, plan: TrainPlan, emit: Emit, control: RunControl, resume: bool) -> None:
        self._folder, self._plan, self._control = folder, plan, control
        self._settings = plan.project.training
        self._emit, self._resume = emit, resume
        self._log = store.RunLog(folder, plan.run)
        self._record = RunRecord(run=plan.run, created=plan.created)
        self._logs: Logs | None = None
        self._course: Course | None = None
        self._refused = self._warned = False
        self._room: int | None = None
        self._began = time.perf_counter()
        self._before = 0.0  # the seconds that a run that goes on has behind it

    def carry_out(self, dataset: Dataset | None) -> RunEnded:
        """Train, and say how it ended."""
        ended = self._ended("failed", "The training ended unexpectedly.", "The log file has the details.")
        try:
            ended = self._ended(*self._train(dataset))
        except Cancelled:
            ended = self._ended("stopped", "Stopped before the first batch: there is no model to keep.")
        except Exception as error:
            ended = self._failed(error)
        finally:
            self._close(ended)
        return ended

    def _train(self, dataset: Dataset | None) -> tuple[Outcome, str]:
        runtime.start()
        settings = self._settings
        device = runtime.device_in_use(settings.device)
        # Keras keeps these a thread, so what the window's thread has set is not seen here.
        keras.config.set_dtype_policy(settings.precision)
        keras.config.set_floatx("float32")
        try:
            dataset = dataset or self._opened()
            self._control.raise_if_stopped()
            with runtime.deterministic(settings.deterministic), replicas.scope(device):
                return self._carried_out(dataset, device)
        finally:
            keras.config.set_dtype_policy("float32")

    def _carried_out(self, dataset: Dataset, device: runtime.Device) -> tuple[Outcome, str]:
        past = self._past(dataset)
        if doubts := exactness.doubts(
            self._folder, self._plan, device, resumed=past.state is not None and self._resume
        ):
            self._notice(doubts)
        watched = self._prepared(dataset, device)
        self._control.raise_if_stopped()
        course = self._course = Course(self._folder, watched, self._control, self._log, self._plain_twin(dataset), past)
        self._start(watched, device, past)
        self._notice("Compiling the network: the first batches take a moment…")
        course.run()
        return self._outcome(course)

    def _past(self, dataset: Dataset) -> Past:
        """What the run goes on from; its log goes back to there."""
        if not self._resume:
            return branched(self._folder, self._plan) if self._plan.origin else Past()
        self._refused = True  # until the state has been found good, nothing of the run is touched
        state = checkpoints.newest(self._folder, self._plan.run)
        if state is not None:
            require_same(state, self._plan, dataset)
        lost = self._log.rewind(state.facts["log"] if state else 0)
        self._refused = False
        changes = tuple(event for event in lost if isinstance(event, Changed))
        if state is None and self._plan.origin:
            return dataclasses.replace(branched(self._folder, self._plan), changes=changes)
        return Past(state, changes)

    def _plain_twin(self, dataset: Dataset) -> keras.Model | None:
        """A network of whole 32-bit numbers to be saved in place of one that computes in 16."""
        if self._settings.precision == "float32":
            return None
        keras.config.set_dtype_policy("float32")
        try:
            with runtime.build_lock:
                graph = self._plan.project.graph
                plain = build_model(graph, dataset.info, self._settings.seed, adapt=adaptable(dataset, graph))
        finally:
            keras.config.set_dtype_policy(self._settings.precision)
        return answering(plain, self._ends(dataset))

    def _ends(self, dataset: Dataset) -> tuple[End, ...]:
        """What each output learns."""
        return ends_of(self._settings, dataset.info, [node.name for node in self._plan.project.graph.outputs])

    def _start(self, watched: Watched, device: runtime.Device, past: Past) -> None:
        """Say that the run begins, or where it goes on."""
        settings, course = self._settings, self._course
        assert course is not None, "put together before"
        self._tell(
            RunStarted(
                run=self._plan.run,
                epochs=past.state.facts["parts"]["steering"]["epochs"] if past.state and past.whole else course.epochs,
                steps_per_epoch=-(-watched.training.samples // settings.batch_size),
                batch_size=settings.batch_size,
                samples=watched.training.samples,
                validation_samples=watched.validation.samples if watched.validation else 0,
                params=self._record.params,
                device=device.title,
                resumed_epochs=past.state.epoch if past.state else 0,
                best_by=course.best.monitor,
                higher_is_better=course.best.higher,
            )
        )
        events = store.load_events(self._folder, self._plan.run) if past.state else []
        epochs = [event for event in events if isinstance(event, EpochEnded)]
        self._before = sum(event.seconds for event in epochs)
        self._logs = Logs(
            store.run_folder(self._folder, self._plan.run),
            csv=settings.logs.csv,
            tensorboard=settings.logs.tensorboard,
            past=epochs,
            refused=self._log_refused,
        )

    def _opened(self) -> Dataset:
        spec = self._plan.project.dataset
        if spec is None:
            raise TrainingError("A training needs data.", "none picked", "Pick a dataset first.")
        self._notice("Loading the data…")
        return open_dataset(spec, cancel=self._control, thorough=False)

    def _imported(self) -> Path | None:
        """The weights that an import left in the project."""
        path = self._folder / WEIGHTS_FILE
        if not path.is_file():
            return None
        self._notice("Beginning with the imported model's weights, where they fit.")
        return path

    def _prepared(self, dataset: Dataset, device: runtime.Device) -> Watched:
        info, settings, graph = dataset.info, self._settings, self._plan.project.graph
        self._room = require_ready(self._plan.project, dataset, device)
        ends = self._ends(dataset)
        training, validation = (
            Feed(dataset.part(name), dataset.preparation, ends[0].loss, ends=ends) for name in ("train", "validation")
        )
        with runtime.build_lock:
            keras.utils.set_random_seed(settings.seed)
            weights = self._imported()
            core = build_model(graph, info, settings.seed, adapt=adaptable(dataset, graph), weights=weights)
            steps = -(-training.samples // settings.batch_size)
            labels = dataset.part("train").y
            twin = trainable_twin(core, settings, info, dataset.preparation, ends, steps, labels)
        self._record = self._record.model_copy(
            update={"params": core.count_params(), "device": device.title, "preparation": dataset.preparation}
        )
        store.write_record(self._folder, self._record)
        return Watched(
            self._plan,
            answering(core, ends),
            twin,
            ends,
            dataset,
            training,
            validation if validation.samples else None,
            self._tell,
        )

    def _outcome(self, course: Course) -> tuple[Outcome, str]:
        done = course.reporter.epochs
        if course.interrupt.stopped:
            return "stopped", stopped_words(done, course.reporter.step)
        if course.early is not None and course.early.stopped_epoch:
            what = spelled(course.early.monitor)
            waited = counted(self._settings.early_stopping.patience, "epoch")
            return "done", f"Ended after {counted(done, 'epoch')}: no better {what} for {waited}."
        return "done", f"Trained {counted(done, 'epoch')}."

    def _failed(self, error: Exception) -> RunEnded:
        known = explained(error, self._settings.batch_size, self._room)
        if known is None:
            log.exception("Run %s failed unexpectedly", self._plan.run)
            known = TrainingError(
                "The training ended unexpectedly.", f"{type(error).__name__}: {error}", "The log file has the details."
            )
        best = self._course.best if self._course else None
        if best is not None and best.epoch is not None:
            try:
                best.settle()
            except Exception:
                # What stopped the run (a full disk, say) may stop this too; it has been explained already.
                log.warning("The best model of run %s could not be kept", self._plan.run, exc_info=True)
        if isinstance(known, OutOfMemory):
            known = self._tried(known)
            self._tell(known.finding(self._plan.run, self._settings.batch_size))
        message = f"{known.rule} Received: {known.received.rstrip('.')}." if known.received else known.rule
        # What the disk refused it may take later; what the plan is the cause of would only fail again.
        resumable = isinstance(known, FileError) and checkpoints.any_kept(self._folder, self._plan.run)
        return dataclasses.replace(self._ended("failed", message, known.hint), resumable=resumable)

    def _tried(self, known: OutOfMemory) -> OutOfMemory:
        """What is said of too little memory, with the largest batch that fits where that can be found without harm."""
        from workbench.engine.trying.fitting import largest_that_fits  # tries what this room puts together

        settings = self._settings
        course, device = self._course, runtime.device_in_use(settings.device)
        if course is None or device.kind != "gpu" or device.id == runtime.ALL:
            return known
        self._notice("Looking for the largest batch that fits…")
        # The failed network is still in the memory, so that what is found is rather too small than too large.
        try:
            fits = largest_that_fits(self._plan.project, course.dataset, settings.batch_size, self._control)
        except (Exception, Cancelled):
            log.warning("No batch was found that fits", exc_info=True)
            return known
        return known.tried(settings.batch_size, fits) if fits else known

    def _ended(self, outcome: Outcome, message: str, hint: str = "") -> RunEnded:
        best, reporter = (self._course.best, self._course.reporter) if self._course else (None, None)
        metrics = best.metrics if best and best.epoch else reporter.seen if reporter and outcome == "stopped" else {}
        metrics = in_order(metrics, self._course.model if self._course else None)
        return RunEnded(
            run=self._plan.run,
            outcome=outcome,
            message=message,
            best_epoch=best.epoch if best else None,
            metrics=metrics,
            seconds=self._before + time.perf_counter() - self._began,
            hint=hint,
        )

    def _close(self, ended: RunEnded) -> None:
        """Write what became of the run, then tell it; the telling does not depend on the disk."""
        if self._logs is not None:
            self._logs.close()
        if self._refused:
            self._emit(ended)
            return
        self._record = self._record.model_copy(
            update={
                "outcome": ended.outcome,
                "message": ended.message,
                "hint": ended.hint,
                "resumable": ended.resumable,
                "epochs": self._course.reporter.epochs if self._course else 0,
                "best_epoch": ended.best_epoch,
                "metrics": {name: value if math.isfinite(value) else None for name, value in ended.metrics.items()},
                "seconds": ended.seconds,
            }
        )
        try:
            store.write_record(self._folder, self._record)
        except FileError as error:
            log.warning("The record of run %s could not be written: %s", self._plan.run, error)
        self._tell(ended)

    def _notice(self, message: str) -> None:
        self._tell(Notice(self._plan.run, "info", message))

    def _log_refused(self, name: str) -> None:
        self._tell(Notice(self._plan.run, "warning", f"The disk refused {name}; it is tried again."))

    def _tell(self, event: Event) -> None:
        try:
            self._log.emit(event)
        except FileError as error:
            log.warning("An event of run %s is not yet written: %s", self._plan.run, error)
            if not self._warned:
                self._warned = True
                words = "The run goes on, but its log cannot be written at the moment; it is tried again."
                self._emit(Notice(self._plan.run, "warning", words, error.hint))
        if isinstance(event, EpochEnded) and self._logs is not None:
            self._logs.add(event)
        self._emit(event)


def adaptable(dataset: Dataset, graph: Graph) -> np.ndarray | None:
    """Training inputs that the drawing's layers learn from beforehand, evenly chosen; None where it has no such."""
    if not adapt.wanted(graph):
        return None
    x = dataset.part("train").x
    return model_input(dataset.preparation, x[:: max(1, len(x) // ADAPT_SAMPLES)])


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun: "1 epoch", "3 epochs"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def stopped_words(epochs: int, step: int) -> str:
    """How far a stopped run came: whole epochs, and batches of the one that was not finished."""
    if not epochs:
        return f"Stopped in the first epoch, after {counted(step, 'batch', 'batches')}."
    rest = f" and {counted(step, 'batch', 'batches')}" if step else ""
    return f"Stopped after {counted(epochs, 'epoch')}{rest}."
