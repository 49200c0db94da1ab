"""What data a model is for, told from the model alone: enough to check it before any data are picked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.data.spec import DatasetInfo
from workbench.graph.head import head
from workbench.graph.inputs import COLUMNS
from workbench.graph.model import INPUT, Graph, Node

# Stands for an axis that the model leaves open.
_OPEN_PICTURE, _OPEN = 64, 32
# Categories that may stand behind the convolution that tells classes apart.
_ENDING = ("activation", "regularization", "pooling")


def guess(
    graph: Graph, entries: Sequence[dict[str, Any]], title: str
) -> tuple[Graph, DatasetInfo | None, tuple[str, ...]]:
    """The data that a model takes.

    Args:
        graph: The drawing.
        entries: Keras's description of each of its inputs, in their order.
        title: What to call the data.

    Returns:
        The drawing, its inputs told apart where they take different columns; the data, or None where the file does
        not say what they are; and what is to be known about it.
    """
    shapes = [_shape(entry) for entry in entries]
    if not shapes or any(shape is None for shape in shapes):
        return graph, None, ("The file does not say what shape its input has: pick data to find out.",)
    known = [shape for shape in shapes if shape is not None]
    notes = []
    if any(None in shape for shape in known):
        notes.append("It takes inputs of any size; sizes are put in for the check until data are picked.")
    sizes = [_filled(shape) for shape in known]
    whole = [str(entry.get("dtype", "")).startswith(("int", "uint")) for entry in entries]
    vocabulary = _vocabulary(graph)
    features: tuple[str, ...] = ()
    shape = sizes[0]
    if len(set(sizes)) > 1 or len(sizes) > 1:
        if all(len(size) == 1 for size in sizes):
            graph, features = _columns(graph, sizes)
            shape = (len(features),)
        elif len(set(sizes)) > 1:
            notes.append("Its inputs have different shapes, but here every input takes the same sample.")
    classes = _classes(graph)
    kind = "table" if features else "image" if len(shape) == 3 and shape[-1] in (1, 3) else "array"
    integer = all(whole) or (vocabulary > 0 and all(_feeds_words(graph, node) for node in graph.inputs))
    info = DatasetInfo(
        title=title,
        kind=kind,
        task="classification" if classes else "regression",
        input_shape=shape,
        integer_input=integer,
        vocabulary=vocabulary if integer else 0,
        classes=tuple(f"class {number}" for number in range(classes)),
        class_counts=(0,) * classes,
        target="" if classes else "value",
        samples=0,
        train_samples=0,
        validation_samples=0,
        test_samples=0,
        features=features,
    )
    return graph, info, tuple(notes)


def _shape(entry: dict[str, Any]) -> tuple[int | None, ...] | None:
    shape = entry.get("batch_shape") or entry.get("batch_input_shape")
    if not isinstance(shape, list) or not all(size is None or (type(size) is int and size > 0) for size in shape[1:]):
        return None
    return tuple(shape[1:])


def _filled(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    open_size = _OPEN_PICTURE if len(shape) == 3 else _OPEN
    return tuple(open_size if size is None else size for size in shape)


def _columns(graph: Graph, sizes: Sequence[tuple[int, ...]]) -> tuple[Graph, tuple[str, ...]]:
    features: list[str] = []
    for node, size in zip(graph.inputs, sizes, strict=True):
        names = [node.name if size[0] == 1 else f"{node.name}_{number}" for number in range(size[0])]
        features += names
        graph = graph.replaced(node.model_copy(update={"params": {COLUMNS: names}}))
    return graph, tuple(features)


def _feeds_words(graph: Graph, node: Node) -> bool:
    fed = [graph.by_id[link.target].layer for link in graph.outgoing[node.id]]
    return bool(fed) and all(layer in ("Embedding", "ReversibleEmbedding") for layer in fed)


def _vocabulary(graph: Graph) -> int:
    sizes = [
        node.params.get("input_dim", 1000)
        for node in graph.nodes
        if node.layer in ("Embedding", "ReversibleEmbedding")
        and any(graph.by_id[link.source].layer == INPUT for link in graph.incoming[node.id])
    ]
    return max((size for size in sizes if isinstance(size, int)), default=0)


def _channels(graph: Graph) -> int:
    """How many classes a network tells apart that ends in a convolution; 2 where that is not known."""
    node = graph.output
    while node is not None and len(graph.incoming[node.id]) == 1:
        node = graph.by_id[graph.incoming[node.id][0].source]
        filters = node.params.get("filters")
        if isinstance(filters, int):
            return filters if filters > 1 else 2
        spec = layer_spec(node.layer)
        if spec is None or (spec.category not in _ENDING and node.layer not in ("Flatten", "Reshape")):
            break
    return 2


def _classes(graph: Graph) -> int:
    """How many classes the end of the network tells apart; 0 where it puts out a value."""
    found = head(graph)
    units = found.dense.params.get("units") if found.dense is not None else None
    if not isinstance(units, int):
        return _channels(graph) if found.activation == "softmax" else 2
    if units == 1:
        return 2 if found.activation in ("sigmoid", "hard_sigmoid") else 0
    return min(units, math.floor(1e6))
