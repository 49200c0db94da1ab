"""Whether a run that goes on, or is done again, can give the very bits that it gave before; and why not."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from workbench.core.errors import WorkbenchError
from workbench.core.versions import versions
from workbench.engine.runtime import Device
from workbench.project.model import TrainPlan
from workbench.runs import store

COUNT = ("tensorflow", "keras", "numpy")
"""Whose versions decide about the last digits."""


def doubts(folder: Path, plan: TrainPlan, device: Device, *, resumed: bool) -> str:
    """Why a run's figures may differ in their last digits from those before; empty where nothing speaks for it.

    Sums depend on how they are shared out among a processor's cores and on the kernels of a version; on a GPU also on
    chance, unless only deterministic operations are taken
    (https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism).

    Args:
        folder: The project's folder.
        plan: What is trained.
        device: Where.
        resumed: Whether it goes on from a state of its own.
    """
    before = plan.run if resumed else plan.again
    if not before:
        return ""
    found = []
    with contextlib.suppress(WorkbenchError):  # that run may have been deleted since
        found = _changed(store.load_plan(folder, before).versions, store.load_record(folder, before).device, device)
    if device.kind == "gpu" and not plan.project.training.deterministic:
        found.append("a GPU's operations differ from time to time unless the plan asks for deterministic ones")
    if not found:
        return ""
    what = "It goes on" if resumed else f"{before} is done again"
    return f"{what}, but not to the very last digit: {'; '.join(found)}."


def _changed(versions_then: Mapping[str, str], device_then: str, device: Device) -> list[str]:
    now = versions()
    found = [
        f"{name} {versions_then[name]} then, {now.get(name, 'none')} now"
        for name in COUNT
        if name in versions_then and versions_then[name] != now.get(name)
    ]
    if device_then and device_then != device.title:
        found.append(f"{device_then} then, {device.title} now")
    return found
