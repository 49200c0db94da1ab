"""How one thread steers a training on another: stop, finish, pause, and change what can be changed on the way."""

from __future__ import annotations

import dataclasses
import threading
from typing import Literal

from workbench.core.cancel import CancelToken

What = Literal["learning_rate", "epochs"]
LOOK_S = 0.05
"""How often a paused training looks whether it was stopped."""


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """Something that was set otherwise while the run went on: the learning rate, or how many epochs in all."""

    what: What
    value: float


class RunControl(CancelToken):
    """A cancel token that can also hold a training, and hand it changes.

    A stop or a finish lets a held training go on, so that it can end. `asked` is set by each wish that is to be heeded
    after the batch in progress; who waits for it clears it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self._going = threading.Event()
        self._going.set()
        self._changes: list[Change] = []
        self._lock = threading.Lock()

    def stop(self) -> None:
        super().stop()
        self.asked.set()

    def pause(self) -> None:
        """Hold the training after the batch in progress."""
        self._going.clear()
        self.asked.set()

    def resume(self) -> None:
        """Let a held training go on."""
        self._going.set()

    @property
    def paused(self) -> bool:
        """Whether the training is to be held; one that is to end is not."""
        return not self._going.is_set() and not self.finish_requested

    def wait_while_paused(self) -> None:
        """Return once the training is to go on or to end."""
        while self.paused:
            self._going.wait(LOOK_S)

    def set_learning_rate(self, value: float) -> None:
        """From the next batch on, train with this learning rate."""
        self._add(Change("learning_rate", value))

    def set_epochs(self, value: int) -> None:
        """End after so many epochs in all."""
        self._add(Change("epochs", value))

    def take_changes(self) -> list[Change]:
        """The changes since the last call, in their order."""
        with self._lock:
            taken, self._changes = self._changes, []
        return taken

    def _add(self, change: Change) -> None:
        with self._lock:
            self._changes.append(change)
        self.asked.set()
