"""TensorFlow in this process: imported quietly, tuned once, and which devices it may use."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import Any, Literal

from workbench.core.errors import TrainingError

# TensorFlow reads these while it is imported.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

_NOISE = re.compile(rb"^(WARNING: All log messages before absl|[IWE]\d{4} \d\d:\d\d:\d+\.\d+ )")


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Hold back what native code writes to stderr meanwhile; all but TensorFlow's start-up notes is written after."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # a windowed program may have no stderr at all
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            for line in held:
                if not _NOISE.match(line):
                    os.write(2, line)


with _quiet_stderr():
    import keras  # noqa: F401  Keras has notes of its own while it is imported
    import tensorflow as tf

    # Asking for the devices wakes the drivers, which have notes of their own.
    tf.config.list_physical_devices()

build_lock = threading.RLock()
"""Held while a model is built: Keras takes its names and seeds from state of the whole process."""

_start_lock = threading.Lock()
_started = False


@dataclasses.dataclass(frozen=True)
class Device:
    """Something that can train: `id` as the plan names it ("cpu", "gpu:0"), `title` for people."""

    id: str
    title: str
    kind: Literal["cpu", "gpu"]

    @property
    def tensorflow_name(self) -> str:
        """The name that `tf.device` takes."""
        number = self.id.partition(":")[2] or "0"
        return f"/{self.kind.upper()}:{number}"


def start() -> None:
    """Make TensorFlow ready for a program with a window; the first call does it, from whichever thread.

    The objects that the import left (some 360,000) are taken out of the garbage collector's sight: walking them again
    and again is what would stall the window.
    """
    global _started
    with _start_lock:
        if _started:
            return
        for gpu in tf.config.list_physical_devices("GPU"):
            # Too late when something was computed already; the environment variable above did it then.
            with contextlib.suppress(RuntimeError):
                tf.config.experimental.set_memory_growth(gpu, True)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        _started = True


def devices() -> list[Device]:
    """The GPUs that TensorFlow can use, in their order, then the CPU."""
    found = []
    for number, gpu in enumerate(tf.config.list_physical_devices("GPU")):
        details: dict[str, Any] = tf.config.experimental.get_device_details(gpu)
        found.append(Device(f"gpu:{number}", details.get("device_name") or f"GPU {number}", "gpu"))
    cores = os.cpu_count() or 1
    return [*found, Device("cpu", f"CPU ({cores} {'core' if cores == 1 else 'cores'})", "cpu")]


def device_in_use(setting: str = "auto") -> Device:
    """The device that a plan's setting means here.

    Args:
        setting: "auto" (the first GPU where there is one, else the CPU), "cpu", or "gpu:0", "gpu:1"...

    Raises:
        TrainingError: There is no such device.
    """
    available = devices()
    if setting == "auto":
        return available[0]
    for device in available:
        if device.id == setting:
            return device
    raise TrainingError(
        "The device must be one that TensorFlow can use here.",
        f"{setting}; there are: {', '.join(device.id for device in available)}",
        "Set the device to 'auto'. `workbench doctor` tells why a GPU is not seen.",
    )
