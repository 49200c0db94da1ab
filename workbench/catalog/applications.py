"""How each published model of `keras.applications` wants its pictures, as data; ours go from 0 to 1."""

from __future__ import annotations

from typing import Any

MEANS = [0.485, 0.456, 0.406]
VARIANCES = [0.229**2, 0.224**2, 0.225**2]
BLUE_GREEN_RED = [103.939, 116.779, 123.68]
COLOURS = 3

_SCALES: dict[str, tuple[str, dict[str, Any]]] = {
    "bytes": ("Rescaling", {"scale": 255.0}),
    "signed": ("Rescaling", {"scale": 2.0, "offset": -1.0}),
    "standard": ("Normalization", {"mean": MEANS, "variance": VARIANCES}),
    "blue first": ("Rescaling", {"scale": 255.0, "offset": [-mean for mean in BLUE_GREEN_RED]}),
}


def preparation(layer: str) -> str:
    """How a published model wants its pictures: "bytes", "signed" (-1 to 1), "standard" or "blue first"."""
    if layer.startswith(("EfficientNet", "ConvNeXt", "MobileNetV3")):
        return "bytes"
    if layer.startswith("DenseNet"):
        return "standard"
    if layer.startswith("VGG") or (layer.startswith("ResNet") and not layer.endswith("V2")):
        return "blue first"
    return "signed"


def scale(layer: str) -> tuple[str, dict[str, Any]]:
    """The layer that brings pictures from 0 to 1 to a published model's scale, and its settings."""
    kind, params = _SCALES[preparation(layer)]
    return kind, dict(params)


def scales_inside(layer: str) -> bool:
    """Whether the model has a scaling of its own that Keras's function can leave out."""
    return layer.startswith(("EfficientNetV2", "ConvNeXt", "MobileNetV3"))


def named_after(layer: str) -> bool:
    """Whether the model must be made before it is named: Keras finds the blocks of these by the name they have."""
    # WORKAROUND: DEFAULT_BLOCKS_ARGS[name] in keras/src/applications/efficientnet_v2.py, Keras 3.15.1.
    return layer.startswith("EfficientNetV2")
