"""TensorFlow in this process: imported quietly, tuned once, and which devices it may use."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import gc
import importlib.util
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from workbench.core import garbage
from workbench.core.errors import TrainingError

# TensorFlow reads these while it is imported.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

ALL = "all"

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


def _load_libraries() -> None:
    """Load TensorFlow's largest libraries while other threads go on.

    An import holds the interpreter while the system links a library, which takes a second or more for the gigabyte of
    `libtensorflow_cc`; a plain call of the C function that does it lets go. What is loaded already is not linked again.
    """
    spec = importlib.util.find_spec("tensorflow") if sys.platform == "linux" else None
    if spec is None or not spec.origin:
        return
    with contextlib.suppress(OSError, AttributeError):
        load = ctypes.CDLL(None).dlopen
        load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
        for name in ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"):
            path = Path(spec.origin).with_name(name)
            if path.exists():
                load(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL)


@contextlib.contextmanager
def _gently() -> Iterator[None]:
    """Never walk all objects while very many come into being.

    Those that the import leaves (some 360,000, hardly any of them garbage) are then taken out of the garbage
    collector's sight: walking them, even once, is what would stall the window.
    """
    gc.set_threshold(garbage.THRESHOLDS[0], 1_000_000, 1_000_000)
    try:
        yield
    finally:
        gc.freeze()
        garbage.collect_seldom()


with _gently(), _quiet_stderr():
    _load_libraries()
    import keras  # noqa: F401  Keras has notes of its own while it is imported
    import tensorflow as tf
    from tensorflow.python.framework import config

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
    """Let TensorFlow take a GPU's memory as it needs it; the first call does it, from whichever thread."""
    global _started
    with _start_lock:
        if _started:
            return
        for gpu in tf.config.list_physical_devices("GPU"):
            # Too late when something was computed already; the environment variable above did it then.
            with contextlib.suppress(RuntimeError):
                tf.config.experimental.set_memory_growth(gpu, True)
        _started = True


@contextlib.contextmanager
def deterministic(on: bool) -> Iterator[None]:
    """Take only operations that give the same bits every time, or whichever is fastest; afterwards it is as before.

    The choice is of the whole process, so that one run's must not be left to the next.
    """
    before = config.is_op_determinism_enabled()
    _choose_operations(on)
    try:
        yield
    finally:
        _choose_operations(before)


def _choose_operations(deterministic: bool) -> None:
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    else:
        # WORKAROUND: the way back is not among TensorFlow's public names
        # (https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism).
        config.disable_op_determinism()


def _cores() -> int:
    """How many cores this process may use, as TensorFlow counts them."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def devices() -> list[Device]:
    """The GPUs that TensorFlow can use, in their order, then the CPU."""
    found = []
    for number, gpu in enumerate(tf.config.list_physical_devices("GPU")):
        details: dict[str, Any] = tf.config.experimental.get_device_details(gpu)
        found.append(Device(f"gpu:{number}", details.get("device_name") or f"GPU {number}", "gpu"))
    cores = _cores()
    return [*found, Device("cpu", f"CPU ({cores} {'core' if cores == 1 else 'cores'})", "cpu")]


def all_names() -> list[str]:
    """The devices of a training on all of them, as TensorFlow names them: the GPUs, or a CPU that was divided."""
    found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    return [device.name for device in found]


def _all(available: list[Device]) -> Device:
    names = all_names()
    if len(names) > 1:
        first = available[0]
        return Device(ALL, f"{len(names)} × {first.title}", first.kind)
    if available[0].kind == "gpu":
        return available[0]
    raise TrainingError(
        "All GPUs can only be used where there are any.",
        "all; there are: cpu",
        "Set the device to 'auto'. `workbench doctor` tells why a GPU is not seen.",
    )


def device_in_use(setting: str = "auto") -> Device:
    """The device that a plan's setting means here.

    Args:
        setting: "auto" (the first GPU where there is one, else the CPU), "all", "cpu", or "gpu:0", "gpu:1"...

    Raises:
        TrainingError: There is no such device.
    """
    available = devices()
    if setting == ALL:
        return _all(available)
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
