"""What layers need of their input that Keras finds out late, or says in terms of batch axes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.catalog.layers import layer_spec

Shape = tuple[int | None, ...]

_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "Bidirectional")
_NO_PICTURE = ("Rescaling", "Normalization", "CategoryEncoding", "Discretization", "Hashing", "HashedCrossing")
_SOUND = ("STFTSpectrogram", "MelSpectrogram")
_COLOUR = (
    "RandomHue",
    "RandomSaturation",
    "RandomColorJitter",
    "RandomColorDegeneration",
)
_COLOUR_OR_GREY = ("RandomGrayscale", "RandAugment")
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


def refusal(layer: str, shapes: Sequence[Shape], dtypes: Sequence[str]) -> str:
    """Why a layer cannot take these inputs, in plain words; empty where nothing speaks against it."""
    rank, shape = needed_rank(layer), shapes[0]
    if rank is not None and len(shape) != rank:
        return f"{layer} needs {kind_words(layer)}, but gets {shape_in_words(shape)}."
    if layer in _COLOUR and shape[-1] != 3:
        return f"{layer} needs colour pictures (3 channels), but gets {shape_in_words(shape)}."
    if layer in _COLOUR_OR_GREY and shape[-1] not in (1, 3):
        return f"{layer} needs grey or colour pictures (1 or 3 channels), but gets {shape_in_words(shape)}."
    if layer in ("Embedding", "ReversibleEmbedding") and not dtypes[0].startswith(("int", "uint")):
        return f"{layer} looks up whole numbers that stand for words, but gets measured values."
    if layer in ("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention") and len(shape) < 2:
        return f"{layer} needs {_KINDS[2]}, but gets {shape_in_words(shape)}."
    return ""
