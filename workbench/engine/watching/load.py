"""How busy the machine is while it trains, told every two seconds."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

import keras
import psutil

from workbench.core.events import Emit, Load
from workbench.engine import runtime

log = logging.getLogger(__name__)

EVERY_S = 2.0

Share = tuple[float | None, int | None, int | None]
Gpu = Callable[[], Share]


class LoadWatch(keras.callbacks.Callback):
    """Tells the load of processor, memory and GPU, asked between batches: each question takes well under 1 ms.

    Args:
        run: The run's name.
        tell: Takes the events.
        device: Where it trains.
    """

    def __init__(self, run: str, tell: Emit, device: runtime.Device) -> None:
        super().__init__()
        self._run, self._tell = run, tell
        self._gpu = gpu_reader(int(device.id.partition(":")[2] or 0)) if device.kind == "gpu" else None
        self._next = 0.0

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        psutil.cpu_percent(None)  # the next call tells of the time since this one
        self._next = time.monotonic() + EVERY_S

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        self._tell_if_due()

    def on_test_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        self._tell_if_due()

    def _tell_if_due(self) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY_S
        memory = psutil.virtual_memory()
        share, used, total = self._gpu() if self._gpu else (None, None, None)
        cpu = psutil.cpu_percent(None) / 100
        self._tell(Load(self._run, cpu, int(memory.total - memory.available), int(memory.total), share, used, total))


def gpu_reader(number: int) -> Gpu | None:
    """A function that tells a GPU's load, and its memory in use and in all; None where there is no driver to ask.

    Args:
        number: The GPU's among those that this process may see.
    """
    import pynvml

    try:
        pynvml.nvmlInit()
        handle: Any = _handle(pynvml, number)
    except pynvml.NVMLError:
        log.info("The GPU's load cannot be asked for", exc_info=True)
        return None

    def read() -> Share:
        try:
            memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
            return pynvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100, int(memory.used), int(memory.total)
        except pynvml.NVMLError:  # a part of a GPU has no load of its own, and a driver may be lost
            log.debug("The GPU's load was not told", exc_info=True)
            return None, None, None

    return read


def _handle(pynvml: Any, number: int) -> Any:
    """The driver numbers all GPUs; TensorFlow those that the environment lets it see, in that order."""
    seen = [name.strip() for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name.strip()]
    name = seen[number] if number < len(seen) else str(number)
    return pynvml.nvmlDeviceGetHandleByIndex(int(name)) if name.isdigit() else pynvml.nvmlDeviceGetHandleByUUID(name)
