"""What a Keras layer costs, the layers inside it counted one by one where it is a network of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from workbench.engine import cost
from workbench.engine.cost import Shape


def weigh(layer: Any, kind: str, inputs: Sequence[Shape], output: Shape, dtype: str) -> tuple[int, int]:
    """Operations and bytes kept for one sample.

    Args:
        layer: A built Keras layer, or a block that stands for a model.
        kind: Keras's class name.
        inputs: The inputs' shapes, the batch axis apart.
        output: The output's shape, the batch axis apart.
        dtype: The type of the output's numbers.
    """
    model = getattr(layer, "model", layer)
    if isinstance(model, keras.Model):
        inner = [_weighed(one) for one in model.layers]
        return sum(work for work, _ in inner), sum(kept for _, kept in inner)
    weights = [tuple(weight.shape) for weight in layer.weights]
    pool = cost.count(tuple(getattr(layer, "pool_size", (1,))))
    heads = int(getattr(layer, "num_heads", None) or getattr(layer, "num_query_heads", None) or 1)
    work = cost.flops(kind, inputs, output, weights, pool)
    return work, cost.activation_bytes(kind, inputs, output, weights, heads, dtype)


def _weighed(layer: Any) -> tuple[int, int]:
    """A layer inside a model, at each place where it is used."""
    work = kept = 0
    for node in layer._inbound_nodes:
        if not node.input_tensors or isinstance(layer, keras.layers.InputLayer):
            continue
        into = [tuple(tensor.shape[1:]) for tensor in node.input_tensors]
        out = node.output_tensors[0]
        one = weigh(layer, type(layer).__name__, into, tuple(out.shape[1:]), str(out.dtype))
        work, kept = work + one[0], kept + one[1]
    return work, kept
