"""What layers need of their input that Keras finds out late, or says in terms of batch axes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.graph.ports import state_sizes, states

Shape = tuple[int | None, ...]

_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")
_TEXT = ("TextVectorization", "StringLookup")
_NO_PICTURE = (
    "Rescaling",
    "Normalization",
    "CategoryEncoding",
    "Discretization",
    "Hashing",
    "HashedCrossing",
    "IntegerLookup",
    *_TEXT,
)
_SOUND = ("STFTSpectrogram", "MelSpectrogram")
_COLOUR = (
    "RandomHue",
    "RandomSaturation",
    "RandomColorJitter",
    "RandomColorDegeneration",
)
_COLOUR_OR_GREY = ("RandomGrayscale", "RandAugment")
_STEPWISE = (
    "TimeDistributed",
    "Masking",
    "MultiHeadAttention",
    "GroupQueryAttention",
    "Attention",
    "AdditiveAttention",
)
_KINDS = {
    1: "plain numbers",
    2: "sequences (steps, features)",
    3: "pictures (height, width, channels)",
    4: "volumes (depth, height, width, channels)",
}
_FOUND = {0: "a single number", 2: "a sequence", 3: "pictures", 4: "volumes"}


def needed_rank(layer: str) -> int | None:
    """How many axes a sample must have, the batch axis apart; None where any number will do."""
    digit = re.search(r"(\d)D", layer)
    if layer.startswith("ConvLSTM"):
        return int(layer[len("ConvLSTM")]) + 2
    if digit:
        return int(digit.group(1)) + 1
    if layer in _RECURRENT:
        return 2
    if layer == "RepeatVector":
        return 1
    spec = layer_spec(layer)
    if spec is not None and spec.category == "models":
        return 3
    if spec is not None and spec.category == "preprocessing" and layer not in (*_NO_PICTURE, *_SOUND):
        return 3
    return None


def kind_words(layer: str) -> str:
    """What the layer is fed, in words."""
    rank = needed_rank(layer) or 1
    if layer.startswith("ConvLSTM"):
        inner = {3: "sequences", 4: "pictures", 5: "volumes"}[rank]
        return f"sequences of {inner} ({rank} axes)"
    return _KINDS[rank]


def shape_in_words(shape: Shape) -> str:
    """What a sample is, with its size: 64 numbers, pictures of 28×28×1."""
    size = "×".join("?" if axis is None else str(axis) for axis in shape)
    if len(shape) == 1:
        return f"{size} number{'' if shape[0] == 1 else 's'}"
    kind = _FOUND.get(len(shape), f"{len(shape)} axes")
    return f"{kind} of {size}" if shape else kind


def subject(layer: str, params: Mapping[str, Any]) -> str:
    """The class that decides what may go in: for a wrapper of one layer's weights, the layer inside."""
    if layer != "SpectralNormalization":
        return layer
    spec = layer_spec(layer)
    param = spec.param("layer") if spec else None
    inner = params.get("layer") or (param.default if param else None) or {}
    return str(inner.get("layer", layer))


def _state_fault(layer: str, params: Mapping[str, Any], shapes: Sequence[Shape]) -> str:
    """Why a recurrent layer cannot begin with these states: Keras finds it out while it computes."""
    for name, size, shape in zip(states(layer, params), state_sizes(layer, params), shapes, strict=False):
        axes = len(shape) == 1 or layer.startswith("ConvLSTM")
        if not axes or shape[-1] != size:
            return f"The {name} that {layer} begins with must be {size} numbers, but is {shape_in_words(shape)}."
    return ""


def refusal(layer: str, params: Mapping[str, Any], shapes: Sequence[Shape], dtypes: Sequence[str]) -> str:
    """Why a layer cannot take these inputs, in plain words; empty where nothing speaks against it.

    Args:
        layer: Keras's class name.
        params: What the user set.
        shapes: The inputs' shapes, the batch axis apart.
        dtypes: The types of their numbers.
    """
    rank, shape = needed_rank(subject(layer, params)), shapes[0]
    gets = f"but gets {shape_in_words(shape)}."
    if rank is not None and len(shape) != rank:
        return f"{layer} needs {kind_words(subject(layer, params))}, {gets}"
    if layer in _STEPWISE and len(shape) < 2:
        return f"{layer} needs {_KINDS[2]}, {gets}"
    if layer in _COLOUR and shape[-1] != 3:
        return f"{layer} needs colour pictures (3 channels), {gets}"
    if layer in _COLOUR_OR_GREY and shape[-1] not in (1, 3):
        return f"{layer} needs grey or colour pictures (1 or 3 channels), {gets}"
    if layer in ("Embedding", "ReversibleEmbedding") and not dtypes[0].startswith(("int", "uint")):
        return f"{layer} looks up whole numbers that stand for words, but gets measured values."
    if layer in _TEXT and dtypes[0] != "string":
        return f"{layer} makes numbers of text, but gets numbers."
    if layer == "IntegerLookup" and not dtypes[0].startswith(("int", "uint")):
        return f"{layer} looks up whole numbers, but gets measured values."
    if layer == "HashedCrossing" and any(one not in ((), (1,)) for one in shapes):
        return f"{layer} crosses single numbers, {gets}"
    if len(shapes) > 1 and (fault := _state_fault(layer, params, shapes[1:])):
        return fault
    axis = params.get("axis")
    if isinstance(axis, int) and axis not in (*range(1, len(shape) + 1), *range(-len(shape), 0)):
        return f"{layer} has no axis {axis} to work on in {shape_in_words(shape)}."
    return ""
