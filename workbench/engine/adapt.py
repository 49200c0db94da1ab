"""State that a layer takes from the training part: statistics, bins and vocabularies, always handed over explicitly.

Keras keeps most of it out of a layer's configuration, so that a copy of the layer would silently lose it; as arguments
it is in the configuration, in the saved model and in the export alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import keras
import numpy as np

from workbench.core.errors import GraphError
from workbench.graph.model import Graph

# The argument that, once set, means that a layer has nothing to learn.
STATE: dict[str, str] = {
    "Normalization": "mean",
    "Discretization": "bin_boundaries",
    "TextVectorization": "vocabulary",
    "StringLookup": "vocabulary",
    "IntegerLookup": "vocabulary",
}
LOOKUPS = ("TextVectorization", "StringLookup", "IntegerLookup")
# Arguments that Keras takes as lists, also of one.
LISTS = ("bin_boundaries", "vocabulary", "idf_weights")
# Rows that are looked at at a time.
ADAPT_BATCH = 1024


def unlearned(layer: str, params: Mapping[str, Any]) -> bool:
    """Whether a layer still has to learn from the data."""
    return layer in STATE and params.get(STATE[layer]) is None


def wanted(graph: Graph) -> bool:
    """Whether the drawing has a layer that learns from the training part before the training."""
    return any(unlearned(node.layer, node.params) for node in graph.nodes)


def stand_in(layer: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """State of the right size, for asking about shapes where there are no data to learn from."""
    if not unlearned(layer, params):
        return {}
    if layer == "Normalization":
        return {"mean": 0.0, "variance": 1.0} if params.get("variance") is None else {}
    if layer == "Discretization":
        return {"bin_boundaries": [float(place) for place in range(1, int(params.get("num_bins") or 10))]}
    return {
        "vocabulary": [0] if layer == "IntegerLookup" else ["word"],
        **({"idf_weights": [1.0]} if params.get("output_mode") == "tf_idf" else {}),
    }


def reaching(before: keras.Model, samples: Any) -> Iterator[np.ndarray]:
    """What reaches a layer, some rows at a time.

    Args:
        before: From the network's inputs to what reaches the layer.
        samples: The network's inputs: an array, or a list of arrays.
    """
    rows = len(samples[0]) if isinstance(samples, list) else len(samples)
    for begin in range(0, rows, ADAPT_BATCH):
        stretch = slice(begin, begin + ADAPT_BATCH)
        part = [one[stretch] for one in samples] if isinstance(samples, list) else samples[stretch]
        yield np.asarray(before(part, training=False))


def learned(layer: str, params: Mapping[str, Any], batches: Iterable[np.ndarray]) -> dict[str, Any]:
    """What a layer learns from the data that reach it, as the arguments that hand it over.

    Args:
        layer: Keras's class name.
        params: What the user set.
        batches: What reaches the layer, some rows at a time.

    Raises:
        GraphError: There is nothing to learn from.
    """
    if not unlearned(layer, params):
        return {}
    if layer == "Normalization":
        return statistics(batches, params.get("axis", -1))
    values = np.concatenate(list(batches))
    if layer == "Discretization":
        bins = keras.layers.Discretization(
            num_bins=int(params.get("num_bins") or 10), epsilon=float(params.get("epsilon", 0.01))
        )
        bins.adapt(values)
        return {"bin_boundaries": [float(edge) for edge in bins.bin_boundaries]}
    return _vocabulary(layer, params, values)


def _vocabulary(layer: str, params: Mapping[str, Any], values: np.ndarray) -> dict[str, Any]:
    names = (
        "max_tokens",
        "standardize",
        "split",
        "ngrams",
        "num_oov_indices",
        "mask_token",
        "oov_token",
        "output_mode",
    )
    given = {name: params[name] for name in names if name in params}
    teacher = getattr(keras.layers, layer)(**fitted(layer, given))
    teacher.adapt(values)
    words = [_plain(word) for word in teacher.get_vocabulary(include_special_tokens=False)]
    if not words:
        raise GraphError(f"{layer} must find something to learn from.", "no words", "Feed it other data.")
    if params.get("output_mode") != "tf_idf":
        return {"vocabulary": words}
    weights = np.asarray(teacher.idf_weights if layer != "TextVectorization" else teacher._lookup_layer.idf_weights)
    # Before the words stand those for what is unknown; behind them, what fills up to the most tokens.
    ends = len(teacher.get_vocabulary())
    return {"vocabulary": words, "idf_weights": [float(weight) for weight in weights[ends - len(words) : ends]]}


def _plain(word: Any) -> Any:
    return word if isinstance(word, str) else int(word)


def statistics(batches: Iterable[np.ndarray], axis: int | None) -> dict[str, list[float]]:
    """Mean and variance of what reaches a Normalization, over everything but its axis."""
    total = squares = None
    rows = 0
    for batch in batches:
        values = np.asarray(batch, dtype=np.float64)
        kept = () if axis is None else (axis % values.ndim,)
        over = tuple(place for place in range(values.ndim) if place not in kept)
        rows += values.size // (values.shape[kept[0]] if kept else 1)
        total = values.sum(axis=over) + (0 if total is None else total)
        squares = (values**2).sum(axis=over) + (0 if squares is None else squares)
    mean = np.asarray(total) / rows
    variance = np.maximum(np.asarray(squares) / rows - mean**2, 0)
    return {"mean": np.atleast_1d(mean).tolist(), "variance": np.atleast_1d(variance).tolist()}


def listed(layer: str, name: str, value: Any) -> list[Any]:
    """A list for an argument that Keras wants as one; an IntegerLookup's vocabulary as whole numbers."""
    values = list(value) if isinstance(value, list | tuple) else [value]
    return [int(one) for one in values] if (layer, name) == ("IntegerLookup", "vocabulary") else values


def fitted(layer: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as Keras takes them together: it refuses some where others make them meaningless."""
    fitting = dict(arguments)
    if layer == "Discretization" and fitting.get("bin_boundaries") is not None:
        fitting.pop("num_bins", None)
        fitting.pop("epsilon", None)
    if layer in LOOKUPS:
        if fitting.get("output_mode", "int") == "int":
            fitting.pop("idf_weights", None)
        else:
            fitting.pop("output_sequence_length", None)
            # Then the size follows from the settings, whatever the data hold.
            fitting["pad_to_max_tokens"] = fitting.get("max_tokens") is not None
    return fitting
