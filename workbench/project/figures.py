"""The figures that a run measures, by one of which its epochs are judged."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.catalog.losses import AUTO
from workbench.core.errors import TrainingError
from workbench.project.outputs import End

LOSS, VALIDATION = "loss", "val_"


def measured(ends: Sequence[End]) -> dict[str, bool]:
    """What a run measures, by the names that Keras gives it, and whether more of it is better."""
    found = {LOSS: False}
    for end in ends:
        before = f"{end.name}_" if len(ends) > 1 else ""
        found |= {f"{before}loss": False, **{f"{before}{spec.name}": spec.higher_is_better for spec in end.metrics}}
    return found


def judged_by(monitor: str, ends: Sequence[End], main: str, *, validated: bool) -> tuple[str, bool]:
    """The figure that a plan's `monitor` means, and whether more of it is better.

    Of several outputs each figure has the output's name before it; without one it is the main output's, but for
    "loss", which is the sum of all.

    Args:
        monitor: "auto" for the validation loss, else the loss; or a figure's name, with val_ before it or not.
        ends: What each output learns.
        main: The name of the main output.
        validated: Whether there is a validation part; without one the training's figure is taken.

    Raises:
        TrainingError: The run measures no such figure.
    """
    if monitor == AUTO:
        return f"{VALIDATION if validated else ''}{LOSS}", False
    known = measured(ends)
    part, name = (VALIDATION, monitor[len(VALIDATION) :]) if monitor.startswith(VALIDATION) else ("", monitor)
    if len(ends) > 1 and name not in known:
        name = f"{main}_{name}"
    if name not in known:
        raise TrainingError(
            "Epochs are judged by a figure that the run measures.",
            monitor,
            f"Take one of: {', '.join(known)}, or with val_ before it.",
        )
    return f"{part if validated else ''}{name}", known[name]


def spelled(name: str) -> str:
    """A figure's name in words: "validation loss"."""
    part, rest = ("validation ", name[len(VALIDATION) :]) if name.startswith(VALIDATION) else ("", name)
    return part + rest.replace("_", " ")
