"""Whether a training fits the memory, asked before it starts: on a CPU, running out ends the whole program."""

from __future__ import annotations

import math
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

import psutil

from workbench.catalog.optimizers import optimizer_spec
from workbench.core.errors import TrainingError
from workbench.core.events import Finding
from workbench.diagnosis.found import Found, remedy
from workbench.engine import runtime

if TYPE_CHECKING:
    from workbench.engine.check import CheckReport
    from workbench.project.training import TrainingSettings

BYTES = 4
"""Of one number: trainings compute in float32."""
MOST_NUMBERS = 2**31 - 1
"""In one tensor: TensorFlow's CPU kernels count with 32 bits, and crash beyond."""
SOHONI = "Sohoni et al., Low-Memory Neural Network Training (2019), arXiv:1904.10631, section 2"
GPU_SHARE = 0.9
"""The part of a GPU's memory that a training may count on."""


class OutOfMemory(TrainingError):
    """The memory is too small for a training.

    Args:
        rule: What must hold.
        received: What was found instead.
        hint: What to do next.
        fits: The largest batch that fits, as far as is known; 0 where not even one sample does.
    """

    def __init__(self, rule: str, received: str, hint: str, fits: int = 0) -> None:
        super().__init__(rule, received, hint)
        self.fits = fits

    def tried(self, failed: int, fits: int) -> OutOfMemory:
        """The same, after smaller batches than the one that failed were tried and one was found that fits."""
        hint = f"Take batches of {fits}: they fit, {failed} did not. Or take a smaller network."
        return OutOfMemory(self.rule, self.received, hint, fits)

    def finding(self, run: str, failed: int) -> Finding:
        """The event that offers the batch that fits, in place of the one that found no room."""
        label, changes = f"Use a batch of {self.fits}", {"training.batch_size": self.fits}
        values = {"labels": ["asked for", "fits"], "samples a step": [float(failed), float(self.fits)]}
        smaller = remedy(label, changes) if self.fits else None
        return Found("memory", "error", self.rule, self.hint, SOHONI, evidence=values, remedy=smaller).finding(run, 0)


def fixed_bytes(params: int, trainable: int, settings: TrainingSettings) -> int:
    """What the weights need, whatever the batch: each has a gradient beside it, and what the optimizer remembers.

    Args:
        params: How many weights there are.
        trainable: How many of them learn.
        settings: The optimizer, and whether an average of the weights or gradients of several batches are kept.
    """
    spec = optimizer_spec(settings.optimizer)
    each = 1 + (spec.state if spec else 1) + settings.averaging.enabled + (settings.gradients.accumulate > 1)
    return int((params + trainable * each) * BYTES)


def device_bytes(device: runtime.Device) -> int | None:
    """How much memory a training has on a device; None where that cannot be told."""
    if device.kind == "cpu":
        return int(psutil.virtual_memory().available)
    total = _gpu_bytes(int(device.id.partition(":")[2] or 0))
    return None if total is None else int(total * GPU_SHARE)


@cache
def _gpu_bytes(number: int) -> int | None:
    command = shutil.which("nvidia-smi")
    if command is None:
        return None
    asked = [command, f"--id={number}", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True).stdout
        return int(answer.split()[0]) * 2**20
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


def largest_batch(free: int, fixed: int, each: int, widest: int) -> int:
    """The most samples a batch can have; 0 where not even one fits.

    Args:
        free: Bytes that are free.
        fixed: Bytes that are needed whatever the batch.
        each: Bytes a sample.
        widest: How many numbers the largest tensor has for a sample.
    """
    return max(0, min((free - fixed) // max(each, 1), MOST_NUMBERS // max(widest, 1)))


def fitting_batch(largest: int) -> int:
    """A round batch size that fits: a power of two."""
    return 2 ** int(math.log2(largest)) if largest >= 1 else 0


def require_memory(report: CheckReport, settings: TrainingSettings, device: runtime.Device) -> None:
    """Refuse a training that would not fit. On a GPU TensorFlow itself says so, without harm.

    Args:
        report: What is known of the drawing.
        settings: Batch size and optimizer.
        device: Where it will train.

    Raises:
        OutOfMemory: It needs more than is free; the hint names the largest batch that fits, where one does.
    """
    free = device_bytes(device)
    if device.kind != "cpu" or free is None:
        return
    fixed = fixed_bytes(report.total_params, report.trainable_params, settings)
    each = report.sample_bytes
    largest = largest_batch(free, fixed, each, report.widest)
    if settings.batch_size <= largest:
        return
    needed = fixed + settings.batch_size * each
    received = (
        f"about {needed / 1e9:,.1f} GB are needed for a batch of {settings.batch_size}, {free / 1e9:,.1f} GB are free"
    )
    if largest < 1:
        raise OutOfMemory("The memory is not large enough for this network.", received, "Try smaller layers.")
    fits = fitting_batch(largest)
    raise OutOfMemory(
        "The memory is not large enough for this training.",
        received,
        f"Try a smaller batch size, {fits} instead of {settings.batch_size}, or a smaller network.",
        fits,
    )
