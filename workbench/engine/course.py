"""One training put together: its callbacks, its phases, what steers it and what keeps its state."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras

from workbench.core.control import RunControl
from workbench.core.errors import FileError
from workbench.core.events import Changed, Notice
from workbench.data.dataset import Dataset
from workbench.engine import replicas, runtime, xla
from workbench.engine.brake import Brake
from workbench.engine.callbacks import BestWeights, FiniteWatch, Interrupt, Patience, Plateau
from workbench.engine.checkpoint import keeper, live
from workbench.engine.loop import Fitting, Start, prepare
from workbench.engine.reporter import Reporter
from workbench.engine.stages import Stages
from workbench.engine.steering import Steering
from workbench.engine.watchers import Watched, watchers
from workbench.project.figures import judged_by
from workbench.runs import checkpoints, store

BEST = "best"


def figure(monitor: str, watched: Watched) -> tuple[str, bool]:
    """The figure that a plan's `monitor` means in a run, and whether more of it is better."""
    return judged_by(monitor, watched.ends, watched.main, validated=watched.validation is not None)


@dataclasses.dataclass(frozen=True)
class Past:
    """What a run goes on from.

    Args:
        state: Where it was; None for its very beginning.
        changes: What the user changed after that, which is done again.
        whole: All of the state counts, not only the network's and the optimizer's part.
    """

    state: checkpoints.State | None = None
    changes: tuple[Changed, ...] = ()
    whole: bool = True


class Course:
    """A run from its first batch to its last; also the loop's guide.

    Args:
        folder: The project's folder.
        watched: The run's parts.
        control: Carries the user's wishes.
        journal: The run's log.
        saved: The network that is saved in the core's place, where that is another.
        past: What it goes on from.
    """

    def __init__(
        self,
        folder: Path,
        watched: Watched,
        control: RunControl,
        journal: store.RunLog,
        saved: keras.Model | None = None,
        past: Past = Past(),
    ) -> None:
        plan, twin = watched.plan, watched.twin
        settings = plan.project.training
        self._settings, self._watched, self._past = settings, watched, past
        prepare(twin, (watched.validation or watched.training).sample())
        monitor, higher = figure(settings.checkpoints.monitor, watched)
        self.best = BestWeights(
            watched.core, store.best_model(folder, plan.run), monitor, higher=higher, saved=saved, refused=self._refused
        )
        self.reporter = Reporter(
            plan.run, watched.tell, watched.training.samples, settings.batch_size, pulse=self._pulse
        )
        self.interrupt = Interrupt(control)
        self.early: Patience | None = None
        steps = -(-watched.training.samples // settings.batch_size)
        self.steering = Steering(plan, steps, twin.optimizer, control, watched.tell)
        self.steering.again(past.changes)
        self._stages = Stages(settings, plan.project.graph, twin)
        callbacks = self._callbacks()
        self._keeper = self._made_keeper(folder, journal, callbacks)
        self._fitting = Fitting(
            twin,
            watched.training,
            watched.validation,
            batch_size=settings.batch_size,
            seed=settings.seed,
            callbacks=keras.callbacks.CallbackList(callbacks, model=twin),
            guide=self,
            brake=Brake(control) if replicas.count() == 1 else None,
            xla=self._xla(),
        )

    def _xla(self) -> xla.Xla:
        settings, watched = self._settings, self._watched

        def tell(words: str) -> None:
            watched.tell(Notice(watched.plan.run, "warning", words, "Set XLA to 'off' to do so from the beginning."))

        on, why = xla.chosen(settings.jit, runtime.device_in_use(settings.device), watched.twin)
        if why:
            tell(why)
        return xla.Xla(on, tell)

    def _callbacks(self) -> list[keras.callbacks.Callback]:
        settings = self._settings
        made: list[keras.callbacks.Callback] = [FiniteWatch(settings.optimizer)] if settings.terminate_on_nan else []
        made += [self.best, self.reporter, self.interrupt, *watchers(self._watched)]
        if settings.reduce_on_plateau.enabled:
            monitor, higher = figure(settings.reduce_on_plateau.monitor, self._watched)
            made.append(Plateau(settings.reduce_on_plateau, monitor, self.steering.lower, higher=higher))
        if settings.early_stopping.enabled:
            early = settings.early_stopping
            monitor, higher = figure(early.monitor, self._watched)
            self.early = Patience(
                monitor,
                patience=early.patience,
                min_delta=early.min_delta,
                mode="max" if higher else "min",
                start_from_epoch=early.start_from_epoch,
            )
            made.append(self.early)
        return made

    def _made_keeper(
        self, folder: Path, journal: store.RunLog, callbacks: list[keras.callbacks.Callback]
    ) -> keeper.Keeper:
        watched = self._watched
        self._parts: dict[str, Any] = {
            type(callback).__name__: callback for callback in callbacks if hasattr(callback, "restore")
        }
        self._parts["steering"] = self.steering
        return keeper.Keeper(
            folder, watched.plan, watched.twin, watched.dataset, self._parts, {BEST: self.best}, journal, watched.tell
        )

    @property
    def dataset(self) -> Dataset:
        """What is trained on."""
        return self._watched.dataset

    @property
    def model(self) -> keras.Model:
        """What is trained."""
        return self._watched.twin

    @property
    def epochs(self) -> int:
        """How many epochs there are in all."""
        return self.steering.epochs

    def run(self) -> None:
        """Train to the end, keep the last state, and make the kept model the best one."""
        state = self._past.state
        start = Start(state.epoch, state.step, lambda: self._restore(state)) if state else Start()
        try:
            self._fitting.run(start)
        finally:
            self._stages.leave()
        epoch, step = self.reporter.epochs, self.reporter.step
        self._keeper.finish(epoch, step, not step and self.best.epoch == epoch)
        self.best.settle()

    def _restore(self, state: checkpoints.State) -> None:
        twin = self._watched.twin
        if self._past.whole:
            live.put_back(twin, state.arrays)
            for name, part in self._parts.items():
                if name in state.facts["parts"]:
                    part.restore(state.facts["parts"][name])
            self.best.restore_arrays(keeper.own_arrays(state, BEST))
        else:
            known = [live.MODEL]
            if live.fits(twin, state.arrays, live.OPTIMIZER):
                known.append(live.OPTIMIZER)
            live.put_back(twin, state.arrays, known)
        self.reporter.epochs, self.reporter.step = state.epoch, state.step

    def begin_epoch(self, epoch: int, step: int) -> bool:
        """Let the phase's layers learn, with its learning rate."""
        self.steering.begin_epoch(epoch, step)
        return self._stages.enter(epoch)

    def between(self, epoch: int, step: int) -> None:
        """Look whether the run is to be held or changed, and whether its state is to be kept midway."""
        self.steering.between(epoch, step)
        if step:
            self._keeper.midway(epoch, step)

    def limit(self, epoch: int) -> float:
        """After how many batches a change is due."""
        return self.steering.limit(epoch)

    def epoch_ended(self, epoch: int) -> None:
        """Keep the state."""
        if not self._watched.twin.stop_training and epoch < self.epochs:
            self._keeper.epoch_ended(epoch, self.best.epoch == epoch)

    def _pulse(self, epoch: int, step: int) -> tuple[float | None, float | None]:
        return self.steering.rate(epoch, step - 1), self._fitting.gradient_norm

    def _refused(self, error: FileError) -> None:
        words = f"The best model could not be saved ({error.received.rstrip('.')}); it is tried again."
        self._watched.tell(Notice(self._watched.plan.run, "warning", words, error.hint))
