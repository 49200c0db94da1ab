"""Carries out a training plan on the thread it is called from: a plan in, events out, the best model on disk."""

from __future__ import annotations

import contextlib
import logging
import math
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from workbench.catalog.losses import resolve_loss
from workbench.core.control import RunControl
from workbench.core.errors import Cancelled, FileError, TrainingError
from workbench.core.events import Emit, Event, Notice, Outcome, RunEnded, RunStarted
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.encode import model_input
from workbench.engine import adapt, runtime
from workbench.engine.build import answering, build_model
from workbench.engine.callbacks import BestWeights, FiniteWatch, Interrupt
from workbench.engine.compile import trainable_twin
from workbench.engine.failures import explained
from workbench.engine.feed import Feed
from workbench.engine.leak import purged_gradients
from workbench.engine.loop import fit
from workbench.engine.memory import OutOfMemory
from workbench.engine.preflight import require_ready
from workbench.engine.reporter import Reporter
from workbench.engine.watchers import Watched, watchers
from workbench.graph.model import Graph
from workbench.project.model import RunRecord, TrainPlan
from workbench.project.store import WEIGHTS_FILE
from workbench.runs import process, store

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
    with process.claimed(store.run_folder(folder, plan.run)), purged_gradients():
        return _Run(folder, plan, emit, control).carry_out(dataset)


class _Run:
    """One run's state: what it has told, and what its record says."""

    def __init__(self, folder: Path, plan: TrainPlan, emit: Emit, control: RunControl) -> None:
        self._folder, self._plan, self._control = folder, plan, control
        self._settings = plan.project.training
        self._emit = emit
        self._log = store.RunLog(folder, plan.run)
        self._record = RunRecord(run=plan.run, created=plan.created)
        self._best: BestWeights | None = None
        self._reporter: Reporter | None = None
        self._room: int | None = None
        self._began = time.perf_counter()

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
        device = runtime.device_in_use(self._settings.device)
        # Keras keeps these a thread, so what the window's thread has set is not seen here.
        keras.config.set_dtype_policy("float32")
        keras.config.set_floatx("float32")
        dataset = dataset or self._opened()
        self._control.raise_if_stopped()
        with tf.device(device.tensorflow_name):
            core, twin, training, validation = self._prepared(dataset, device)
            self._control.raise_if_stopped()
            watched = Watched(self._plan, core, twin, dataset, training, validation, self._tell)
            return self._fitted(watched)

    def _opened(self) -> Dataset:
        spec = self._plan.project.dataset
        if spec is None:
            raise TrainingError("A training needs data.", "none picked", "Pick a dataset first.")
        self._notice("Loading the data…")
        return open_dataset(spec, cancel=self._control)

    def _imported(self) -> Path | None:
        """The weights that an import left in the project."""
        path = self._folder / WEIGHTS_FILE
        if not path.is_file():
            return None
        self._notice("Beginning with the imported model's weights, where they fit.")
        return path

    def _prepared(self, dataset: Dataset, device: runtime.Device) -> tuple[keras.Model, keras.Model, Feed, Feed | None]:
        info, settings, graph = dataset.info, self._settings, self._plan.project.graph
        loss = resolve_loss(settings.loss, info)
        self._room = require_ready(self._plan.project, dataset, device)
        training, validation = (Feed(dataset.part(name), dataset.preparation, loss) for name in ("train", "validation"))
        with runtime.build_lock:
            keras.utils.set_random_seed(settings.seed)
            weights = self._imported()
            core = build_model(graph, info, settings.seed, adapt=adaptable(dataset, graph), weights=weights)
            steps = -(-training.samples // settings.batch_size)
            twin = trainable_twin(core, settings, info, dataset.preparation, loss, steps)
        self._record = self._record.model_copy(
            update={"params": core.count_params(), "device": device.title, "preparation": dataset.preparation}
        )
        store.write_record(self._folder, self._record)
        self._tell(
            RunStarted(
                run=self._plan.run,
                epochs=settings.epochs,
                steps_per_epoch=steps,
                batch_size=settings.batch_size,
                samples=training.samples,
                validation_samples=validation.samples,
                params=core.count_params(),
                device=device.title,
            )
        )
        return answering(core), twin, training, validation if validation.samples else None

    def _fitted(self, watched: Watched) -> tuple[Outcome, str]:
        settings, twin = self._settings, watched.twin
        training, validation = watched.training, watched.validation
        interrupt = Interrupt(self._control)
        self._best = BestWeights(watched.core, store.best_model(self._folder, self._plan.run))
        self._reporter = Reporter(self._plan.run, self._tell, training.samples, settings.batch_size)
        callbacks: list[keras.callbacks.Callback] = [FiniteWatch(), self._best, self._reporter, interrupt]
        callbacks += watchers(watched)
        early = None
        if settings.early_stopping.enabled:
            early = keras.callbacks.EarlyStopping(
                "val_loss" if validation else "loss",
                patience=settings.early_stopping.patience,
                min_delta=settings.early_stopping.min_delta,
                mode="min",
            )
            callbacks.append(early)
        self._notice("Compiling the network: the first batches take a moment…")
        fit(
            twin,
            training,
            validation,
            epochs=settings.epochs,
            batch_size=settings.batch_size,
            seed=settings.seed,
            callbacks=keras.callbacks.CallbackList(callbacks, model=twin),
        )
        self._best.settle()
        if interrupt.stopped:
            return "stopped", stopped_words(self._reporter.epochs, self._reporter.step)
        if early is not None and early.stopped_epoch:
            what = "validation loss" if validation else "loss"
            waited = counted(settings.early_stopping.patience, "epoch")
            return "done", f"Ended after {counted(self._reporter.epochs, 'epoch')}: no better {what} for {waited}."
        return "done", f"Trained {counted(self._reporter.epochs, 'epoch')}."

    def _failed(self, error: Exception) -> RunEnded:
        known = explained(error, self._settings.batch_size, self._room)
        if known is None:
            log.exception("Run %s failed unexpectedly", self._plan.run)
            known = TrainingError(
                "The training ended unexpectedly.", f"{type(error).__name__}: {error}", "The log file has the details."
            )
        if self._best is not None and self._best.epoch is not None:
            try:
                self._best.settle()
            except Exception:
                # What stopped the run (a full disk, say) may stop this too; it has been explained already.
                log.warning("The best model of run %s could not be kept", self._plan.run, exc_info=True)
        if isinstance(known, OutOfMemory):
            with contextlib.suppress(FileError):
                self._tell(known.finding(self._plan.run))
        message = f"{known.rule} Received: {known.received.rstrip('.')}." if known.received else known.rule
        return self._ended("failed", message, known.hint)

    def _ended(self, outcome: Outcome, message: str, hint: str = "") -> RunEnded:
        best, reporter = self._best, self._reporter
        metrics = best.metrics if best and best.epoch else reporter.seen if reporter and outcome == "stopped" else {}
        return RunEnded(
            run=self._plan.run,
            outcome=outcome,
            message=message,
            best_epoch=best.epoch if best else None,
            metrics=metrics,
            seconds=time.perf_counter() - self._began,
            hint=hint,
        )

    def _close(self, ended: RunEnded) -> None:
        """Write what became of the run, then tell it; the telling does not depend on the disk."""
        self._record = self._record.model_copy(
            update={
                "outcome": ended.outcome,
                "message": ended.message,
                "hint": ended.hint,
                "epochs": self._reporter.epochs if self._reporter else 0,
                "best_epoch": ended.best_epoch,
                "metrics": {name: value if math.isfinite(value) else None for name, value in ended.metrics.items()},
                "seconds": ended.seconds,
            }
        )
        try:
            store.write_record(self._folder, self._record)
            self._log.emit(ended)
        except FileError as error:
            log.warning("The end of run %s could not be written: %s", self._plan.run, error)
        self._emit(ended)

    def _notice(self, message: str) -> None:
        self._tell(Notice(self._plan.run, "info", message))

    def _tell(self, event: Event) -> None:
        self._log.emit(event)
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
