"""From the drawing to a Keras model: functional, every layer named as on the canvas, every weight seeded."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from workbench.core.errors import GraphError, WorkbenchError
from workbench.data.spec import DatasetInfo
from workbench.engine.layers import keras_names, make_layer, seed_weights
from workbench.engine.needs import refusal
from workbench.engine.translate import problem_of
from workbench.graph.model import OUTPUT, Graph, Node
from workbench.graph.rules import leading

# Rows that a Normalization learns its statistics from at a time.
ADAPT_BATCH = 1024


def call_inputs(layer: str, tensors: list[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """How a layer is called with what flows into it.

    Attention takes query, value and key in the order of their links; with one link it attends to itself.
    """
    if layer in ("MultiHeadAttention", "GroupQueryAttention"):
        return ((tensors * 2)[:2] if len(tensors) == 1 else tensors), {}  # type: ignore[return-value]
    if layer in ("Attention", "AdditiveAttention"):
        return ((tensors * 2 if len(tensors) == 1 else tensors),), {}
    return (tensors[0] if len(tensors) == 1 else tensors,), {}


def build_model(graph: Graph, info: DatasetInfo, seed: int = 0, adapt: np.ndarray | None = None) -> keras.Model:
    """The model that the drawing describes.

    Args:
        graph: The drawing; nodes that do not lead to the output are left out.
        info: What the data are: gives the input's shape and type.
        seed: The same seed gives the same weights, in any thread.
        adapt: The training part's inputs as the network is fed them, [N, *input_shape]; every Normalization without
            a mean and variance of its own takes them from what reaches it.

    Raises:
        GraphError: The drawing has no way from input to output, or a layer cannot be placed where it is.
    """
    names = keras_names(graph)
    start = graph.input
    wanted = leading(graph) & set(graph.order)
    if start is None or start.id not in wanted:
        raise GraphError("The network must lead from the input to the output.", "", "Link the layers into one stack.")
    entry = keras.Input(
        shape=info.input_shape, dtype="int32" if info.integer_input else "float32", name=names[start.id]
    )
    tensors: dict[str, Any] = {start.id: entry}
    for node_id in graph.order:
        if node_id not in wanted or node_id in tensors:
            continue
        node = graph.by_id[node_id]
        sources = [tensors[link.source] for link in graph.incoming[node_id] if link.source in tensors]
        if not sources:
            raise GraphError("Every layer needs an input.", node.name, "Link it to the layer before it.")
        if node.layer == OUTPUT:
            tensors[node_id] = sources[0]
        else:
            tensors[node_id] = _placed(graph, node, names[node_id], sources, seed, entry, adapt)
    return keras.Model(entry, tensors[graph.output.id if graph.output else ""], name="network")


def _placed(
    graph: Graph, node: Node, name: str, sources: list[Any], seed: int, entry: Any, adapt: np.ndarray | None
) -> Any:
    params = dict(node.params)
    if node.layer == "Normalization" and params.get("mean") is None and adapt is not None:
        params |= _statistics(keras.Model(entry, sources[0]), adapt, params.get("axis", -1))
    shapes = [tuple(tensor.shape[1:]) for tensor in sources]
    refused = refusal(node.layer, params, shapes, [str(tensor.dtype) for tensor in sources])
    try:
        if refused:
            raise ValueError(refused)
        layer = make_layer(node.layer, params, name=name, seed=seed)
        arguments, options = call_inputs(node.layer, sources)
        output = layer(*arguments, **options)
    except WorkbenchError:
        raise
    # Keras and TensorFlow raise classes of many kinds here, and each means: not like this.
    except Exception as error:
        problem = problem_of(graph, node, shapes, str(error))
        fix = problem.repair.label if problem.repair else problem.hint
        raise GraphError(problem.message, node.name, fix and f"{fix}.") from error
    seed_weights(layer, params, seed)
    return output


def _statistics(before: keras.Model, adapt: np.ndarray, axis: int | None) -> dict[str, list[float]]:
    """Mean and variance of what reaches a Normalization, over everything but its axis."""
    total = squares = None
    rows = 0
    for begin in range(0, len(adapt), ADAPT_BATCH):
        values = np.asarray(before.predict_on_batch(adapt[begin : begin + ADAPT_BATCH]), dtype=np.float64)
        kept = () if axis is None else (axis % values.ndim,)
        over = tuple(place for place in range(values.ndim) if place not in kept)
        rows += values.size // (values.shape[kept[0]] if kept else 1)
        total = values.sum(axis=over) + (0 if total is None else total)
        squares = (values**2).sum(axis=over) + (0 if squares is None else squares)
    mean = np.asarray(total) / rows
    variance = np.maximum(np.asarray(squares) / rows - mean**2, 0)
    return {"mean": np.atleast_1d(mean).tolist(), "variance": np.atleast_1d(variance).tolist()}
