"""What Keras and TensorFlow raise, in words for people."""

from __future__ import annotations

import re

import tensorflow as tf

from workbench.core.errors import TrainingError, WorkbenchError
from workbench.engine.memory import OutOfMemory

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CALLING = re.compile(r"Exception encountered when calling (?:layer ')?([\w.]+)", re.IGNORECASE)
_ARGUMENTS = re.compile(r"\n*Arguments received by.*", re.DOTALL)
_NODE = re.compile(r"\{\{[^}]*\}\}|\[Op:[^\]]*\]|Detected at node.*", re.DOTALL)
_COMPILING = "workbench.engine.compile"
"""Where the plan's settings become objects of Keras's."""
_OOM_SHAPE = re.compile(r"tensor with shape\s*\[([\d,]+)\]")


def plain_text(error: BaseException) -> str:
    """An error's own sentence, without colours, node names, call dumps and stack traces."""
    text = _ANSI.sub("", str(error))
    text = _ARGUMENTS.sub("", text)
    text = re.sub(r"Exception encountered when calling [^\n]*\n+", "", text)
    text = _NODE.sub("", text)
    return " ".join(text.split()) or type(error).__name__


def out_of_memory(error: BaseException) -> bool:
    """Whether the machine ran out of memory."""
    return isinstance(error, tf.errors.ResourceExhaustedError | MemoryError)


def _way(error: BaseException) -> list[str]:
    """The modules that an error came through, the one that raised it last."""
    step, found = error.__traceback__, [""]
    while step is not None:
        found.append(str(step.tb_frame.f_globals.get("__name__", "")))
        step = step.tb_next
    return found


def _raised_in_keras(way: list[str]) -> bool:
    """Whether Keras or TensorFlow refused something, and not a mistake of ours."""
    return way[-1].partition(".")[0] in ("keras", "tensorflow", "optree")


def explained(error: BaseException, batch_size: int, room: int | None = None) -> WorkbenchError | None:
    """What the user can do about an error from Keras or TensorFlow; None where the fault is not the user's to mend.

    Args:
        error: As it was raised.
        batch_size: Of the training, for the advice.
        room: The largest batch that should fit, where that was estimated; it never overrules what did not fit.
    """
    if isinstance(error, WorkbenchError):
        return error
    if out_of_memory(error):
        shape = _OOM_SHAPE.search(str(error))
        received = f"a tensor of {shape[1].replace(',', ' × ')} found no room" if shape else ""
        half = batch_size // 2
        fits = half if room is None else min(half, room)
        smaller = f"Try a smaller batch size, {fits} instead of {batch_size}, or a" if fits else "Try a"
        rule = "The memory is not large enough for this training."
        return OutOfMemory(rule, received, f"{smaller} smaller network.", fits)
    way = _way(error)
    if isinstance(error, ValueError | TypeError | tf.errors.InvalidArgumentError) and _raised_in_keras(way):
        if _COMPILING in way:
            return TrainingError(
                "Keras refuses a setting of the plan.", plain_text(error), "Change it in the plan on the Train page."
            )
        where = _CALLING.search(_ANSI.sub("", str(error)))
        layer = f"{where[1].removesuffix('.call')}: " if where else ""
        return TrainingError(
            "The data do not fit the network.",
            f"{layer}{plain_text(error)}",
            "Check the layers' shapes on the Model page.",
        )
    return None
