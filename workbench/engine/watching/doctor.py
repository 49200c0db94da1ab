"""The doctor at the bedside: collects a run's evidence while it trains, and tells what the rules find in it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from workbench.core.events import Emit, Statistics
from workbench.data.dataset import Dataset
from workbench.diagnosis.doctor import Doctor
from workbench.diagnosis.evidence import Broken, Epoch, Evidence, Look, Stretch
from workbench.diagnosis.samples import data_facts
from workbench.engine.watching.budget import Budget
from workbench.engine.watching.origin import Origin
from workbench.engine.watching.probe import Probe

EARLY_S = 2.0
"""In long epochs, what can be told without the epoch's end is told after so many seconds."""
MOST_STRETCHES = 2000
"""Of longer histories every other stretch is dropped, again and again."""
LAST_LOOK_S = 0.5
"""A last look, when the run has ended, may take so long."""
ASKED_SHARE, ASKED_S = 0.03, 3.0
"""What looks may take where the user asked to see them: of the time, and beyond it once, so that the first is soon."""

Logs = Mapping[str, float] | None


class Bedside(keras.callbacks.Callback):
    """Collects evidence, and tells findings and statistics.

    Args:
        evidence: With the facts; filled as the run goes on.
        probe: Looks into the network.
        origin: Finds where NaN began.
        dataset: What is learnt from.
        run: The run's name.
        tell: Takes the events.
        main: Of several outputs the one, by name, that the rules are about.
        diagnose: Whether findings are told.
        statistics: Whether the layers' statistics are told.
    """

    def __init__(
        self,
        evidence: Evidence,
        probe: Probe,
        origin: Origin,
        dataset: Dataset,
        run: str,
        tell: Emit,
        *,
        main: str = "",
        diagnose: bool,
        statistics: bool,
    ) -> None:
        super().__init__()
        self.evidence = evidence
        self._probe, self._origin, self._dataset = probe, origin, dataset
        self._run, self._tell, self._main = run, tell, main
        self._diagnose, self._statistics = diagnose, statistics
        self._doctor = Doctor(run)
        self._looks = Budget(ASKED_SHARE, ASKED_S) if statistics else Budget(0.01)
        self._rules = Budget(0.006)
        self._began = self._first = time.perf_counter()
        self._epoch = self._before = 0
        self._seen, self._sum = 0, 0.0
        self._early = False

    def on_train_begin(self, logs: Logs = None) -> None:
        self._began = self._first = time.perf_counter()

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch, self._seen, self._sum = epoch, 0, 0.0

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        if self._diagnose:
            self._origin.keep(self._epoch, batch)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        loss, whole = self._of_main(logs or {}).get("loss", math.nan), (logs or {}).get("loss", math.nan)
        facts = self.evidence.facts
        seen = min((batch + 1) * facts.batch_size, facts.train)
        count, total = seen - self._seen, loss * seen
        if not (math.isfinite(loss) and math.isfinite(whole)):
            self._break()
            return
        if self._epoch == 0 and batch == 0:
            self.evidence.start = loss
            self._first = time.perf_counter()
        if count > 0:
            step = self._epoch * facts.steps + batch + 1
            self.evidence.stretches.append(Stretch(step, count, max(0.0, (total - self._sum) / count)))
            if len(self.evidence.stretches) > MOST_STRETCHES:
                del self.evidence.stretches[1::2]
        self._seen, self._sum = seen, total
        if not self._early and time.perf_counter() - self._first > EARLY_S:
            self._know_the_data()
            self._examine()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        rate = float(np.asarray(self.model.optimizer.learning_rate))
        self.evidence.epochs.append(Epoch(epoch + 1, self._of_main(logs or {}), rate))
        if not math.isfinite((logs or {}).get("loss", 0.0)):
            self._break()
        if self._looks.allows(self._expected()):
            self._look()
        self._know_the_data()
        if self._rules.allows():
            self._examine()

    def on_train_end(self, logs: Logs = None) -> None:
        evidence = self.evidence
        evidence.over = True
        if evidence.broken is None and self._probe.broken_weights():
            self._break()
        looked = evidence.looks[-1].epoch if evidence.looks else 0
        if evidence.epochs and looked < len(evidence.epochs) and (self._expected() or 0.0) < LAST_LOOK_S:
            self._look()
        if evidence.epochs or evidence.broken is not None:
            self._know_the_data()
            self._examine()

    def _of_main(self, logs: Mapping[str, float]) -> dict[str, float]:
        """The main output's figures under the names that a single output's have."""
        if not self._main:
            return dict(logs)
        begins = {part: f"{part}{self._main}_" for part in ("", "val_")}
        return {
            f"{part}{name.removeprefix(begin)}": value
            for part, begin in begins.items()
            for name, value in logs.items()
            if name.startswith(begin)
        }

    def _expected(self) -> float | None:
        """How long a look will take: the first by the speed of the training, the others by the last."""
        if self.evidence.looks:
            return None
        seen = self._epoch * self.evidence.facts.train + self._seen
        return 5 * self._probe.samples * (time.perf_counter() - self._first) / max(seen, 1)

    def _look(self) -> None:
        evidence = self.evidence
        if evidence.broken is not None:
            return
        with self._looks.work():
            look = self._probe.look(self._epoch + 1, (self._epoch + 1) * evidence.facts.steps)
        if math.isfinite(look.loss):
            evidence.looks.append(look)
        if self._statistics:
            self._tell(Statistics(self._run, look.epoch, statistics_rows(look)))

    def _know_the_data(self) -> None:
        if self._early or not self._diagnose:
            return
        self._early = True
        self.evidence.data = data_facts(self._dataset)
        self.evidence.inputs = self._probe.inputs()

    def _examine(self) -> None:
        if not self._diagnose:
            return
        with self._rules.work():
            findings = self._doctor.findings(self.evidence)
        for finding in findings:
            self._tell(finding)

    def _break(self) -> None:
        if self.evidence.broken is not None or not self._diagnose:
            return
        self.evidence.broken = self._origin.find(self._probe, self._epoch) or Broken(self._epoch + 1, 0, "", "loss")


def statistics_rows(look: Look) -> tuple[dict[str, Any], ...]:
    """A look as the event tells it: a row a layer and a kind of its numbers."""
    rows: list[dict[str, Any]] = []
    for layer in look.layers:
        for of, numbers in (
            ("weights", layer.weights),
            ("gradients", layer.gradients),
            ("activations", layer.activations),
        ):
            if numbers is not None:
                dead = layer.dead if of == "activations" else None
                rows.append({"layer": layer.name, "of": of, "mean": numbers[0], "std": numbers[1], "dead": dead})
    return tuple(rows)
