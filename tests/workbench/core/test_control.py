"""A training is steered from another thread."""

from __future__ import annotations

import threading

from workbench.core.control import Change, RunControl


def test_that_changes_are_handed_over_once_and_in_order() -> None:
    control = RunControl()
    control.set_learning_rate(0.1)
    control.set_epochs(7)
    assert control.take_changes() == [Change("learning_rate", 0.1), Change("epochs", 7)]
    assert control.take_changes() == []


def test_that_a_held_training_goes_on_when_it_is_let() -> None:
    control = RunControl()
    control.pause()
    waiting = threading.Thread(target=control.wait_while_paused)
    waiting.start()
    assert control.paused
    control.resume()
    waiting.join(5)
    assert not waiting.is_alive()


def test_that_a_held_training_can_be_stopped() -> None:
    control = RunControl()
    control.pause()
    waiting = threading.Thread(target=control.wait_while_paused)
    waiting.start()
    control.stop()
    waiting.join(5)
    assert not waiting.is_alive()
    assert not control.paused
