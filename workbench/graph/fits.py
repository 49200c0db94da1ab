"""Which layers can take a tensor of so many axes: told from the catalogue alone, for the menus."""

from __future__ import annotations

import re

from workbench.catalog.layers import LayerSpec

_PICTURES = ("Random", "CenterCrop", "Resizing", "AutoContrast", "Equalization", "Solarization")


def wanted_axes(spec: LayerSpec) -> int | None:
    """How many axes a sample must have for a layer, without the batch's; None where it takes several kinds."""
    figure = re.search(r"([123])D$", spec.name)
    if figure is not None:
        return int(figure[1]) + (2 if "LSTM" in spec.name else 1)
    if spec.category == "recurrent" and spec.name != "TimeDistributed":
        return 2
    if spec.name.startswith(_PICTURES):
        return 3
    return None


def refusal(spec: LayerSpec, axes: int | None) -> str | None:
    """Why a layer does not fit behind something that gives a sample of so many axes; None where it may.

    Args:
        spec: The layer.
        axes: The sample's axes; None while they are not known.
    """
    if spec.max_inputs == 0:
        return "nothing can come before it"
    wanted = wanted_axes(spec)
    if axes is None or wanted is None or axes == wanted:
        return None
    return f"needs {wanted} {'axis' if wanted == 1 else 'axes'}, here {'is' if axes == 1 else 'are'} {axes}"
