"""How much arithmetic a layer does for one sample, estimated from its weights and sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence

Shape = tuple[int | None, ...]

_POOLS = ("MaxPooling", "AveragePooling")
_STEPS = ("LSTM", "GRU", "SimpleRNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
_FREE = ("Input", "Output", "Flatten", "Reshape", "Permute", "RepeatVector", "Identity", "Dropout", "Concatenate")


def count(shape: Sequence[int | None]) -> int:
    """How many numbers a shape holds; an unknown size counts once."""
    return math.prod(1 if size is None else size for size in shape)


def flops(layer: str, inputs: Sequence[Shape], output: Shape, weights: Sequence[Shape], pool: int = 1) -> int:
    """Floating point operations of one forward pass of one sample; a multiplication with its addition counts as two.

    Args:
        layer: Keras's class name.
        inputs: The inputs' shapes, the batch axis apart.
        output: The output's shape, the batch axis apart.
        weights: The shapes of the layer's weights.
        pool: For pooling: how many numbers one window holds.
    """
    if layer in _FREE or not inputs:
        return 0
    kernels = sum(count(shape) for shape in weights if len(shape) > 1)
    numbers = count(output)
    if layer in ("Embedding", "ReversibleEmbedding") or not kernels:
        if layer.startswith(_POOLS):
            return numbers * pool
        return max(numbers, *(count(shape) for shape in inputs)) if layer != "Embedding" else 0
    if layer.startswith(_STEPS):
        spatial = count(inputs[0][1:-1])
        return 2 * kernels * (inputs[0][0] or 1) * spatial
    if "Attention" in layer:
        return _attention(inputs, kernels)
    if layer.startswith(("Conv", "DepthwiseConv", "SeparableConv")):
        # A transposed convolution spreads each input position, the others gather for each output position.
        places = inputs[0] if layer.endswith("Transpose") else output
        return 2 * kernels * count(places[:-1]) + numbers
    if layer in ("PReLU", "BatchNormalization", "LayerNormalization"):
        return 2 * numbers
    return 2 * kernels * count(output[:-1]) + numbers


def _attention(inputs: Sequence[Shape], kernels: int) -> int:
    query, value = inputs[0], inputs[1 if len(inputs) > 1 else 0]
    steps, others = count(query[:-1]), count(value[:-1])
    # The projections, then every step's likeness to every other and their weighted sum.
    return 2 * kernels * max(steps, others) + 4 * steps * others * (query[-1] or 1)
