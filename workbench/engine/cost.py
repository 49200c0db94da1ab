"""What a layer costs for one sample, estimated from its weights and sizes: arithmetic, and memory while it learns."""

from __future__ import annotations

import math
from collections.abc import Sequence

Shape = tuple[int | None, ...]

_POOLS = ("MaxPooling", "AveragePooling")
_STEPS = ("LSTM", "GRU", "SimpleRNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
_VIEWS = ("Output", "Flatten", "Reshape", "Identity")
_BYTES = {
    "float64": 8,
    "int64": 8,
    "uint64": 8,
    "float16": 2,
    "bfloat16": 2,
    "int16": 2,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
}
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


def activation_bytes(
    layer: str, inputs: Sequence[Shape], output: Shape, weights: Sequence[Shape], heads: int = 1, dtype: str = "float32"
) -> int:
    """What is kept of a layer for one sample until the gradients are taken: its output, and what it goes through.

    Args:
        layer: Keras's class name.
        inputs: The inputs' shapes, the batch axis apart.
        output: The output's shape, the batch axis apart.
        weights: The shapes of the layer's weights.
        heads: For attention: how many likenesses are kept of each pair of steps.
        dtype: The type of the output's numbers.
    """
    if layer in _VIEWS:
        return 0
    size, numbers = _BYTES.get(dtype, 4), count(output)
    if layer.startswith(_STEPS) and inputs:
        # Each step keeps its gates; half of the kernels are for the input, half for the state.
        gates = sum(shape[-1] or 1 for shape in weights if len(shape) > 1) // 2
        places = count(output[-3:-1]) if layer.startswith("ConvLSTM") else 1
        numbers += (inputs[0][0] or 1) * gates * places * 3 // 2
    elif "Attention" in layer and inputs:
        query, value = inputs[0], inputs[1 if len(inputs) > 1 else 0]
        numbers += 2 * heads * count(query[:-1]) * count(value[:-1])
        if weights:
            numbers += 2 * count(query) + 2 * count(value)
    return numbers * size


def _attention(inputs: Sequence[Shape], kernels: int) -> int:
    query, value = inputs[0], inputs[1 if len(inputs) > 1 else 0]
    steps, others = count(query[:-1]), count(value[:-1])
    # The projections, then every step's likeness to every other and their weighted sum.
    return 2 * kernels * max(steps, others) + 4 * steps * others * (query[-1] or 1)
