"""Ends a call into TensorFlow between two batches, soon after the user has asked a training for something."""

from __future__ import annotations

import threading
from types import TracebackType

import tensorflow as tf

from workbench.core.control import RunControl


class Brake:
    """A flag that a compiled loop looks at before each batch; a thread puts it up when a wish comes.

    So a call may be long, which is cheap, and what is asked for is still heeded after the batch in progress. The thread
    lives as long as the `with` block.

    Args:
        control: Carries the user's wishes.
    """

    def __init__(self, control: RunControl) -> None:
        self._control = control
        with tf.device("CPU:0"):  # a loop's condition is looked at there, whatever its steps compute on
            self._flag = tf.Variable(False, trainable=False)
        self._pulled = self._over = False
        self._thread: threading.Thread | None = None

    @property
    def pulled(self) -> tf.Tensor:
        """Inside the compiled loop: whether it is to end."""
        return self._flag.read_value()

    def release(self) -> None:
        """Let the next call run; whoever calls this looks at all wishes after it."""
        if self._pulled:
            self._pulled = False
            self._flag.assign(False)

    def __enter__(self) -> Brake:
        self._over = False
        self._thread = threading.Thread(target=self._watch, name="brake", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over = True
        self._control.asked.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def _watch(self) -> None:
        asked = self._control.asked
        while True:
            asked.wait()
            asked.clear()
            if self._over:
                return
            # In this order: a flag that is up unseen costs one short call, one that is thought up but is not, a wish.
            self._flag.assign(True)
            self._pulled = True
