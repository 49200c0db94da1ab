"""Weights from elsewhere, such as an imported model's, put into the layers of a drawing."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np

from workbench.core.errors import FileError
from workbench.engine.layers import keras_names
from workbench.graph.model import Graph

Carried = Mapping[str, Sequence[np.ndarray]]
"""Arrays by the layer's name, in the order of Keras's `get_weights`."""


def read_weights(path: Path) -> dict[str, list[np.ndarray]]:
    """Arrays by node id, from an .npz file that holds each as "node id/number".

    Raises:
        FileError: The file is gone, or not of this form.
    """
    found: dict[str, dict[int, np.ndarray]] = defaultdict(dict)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            for key in archive.files:
                node, _, number = key.rpartition("/")
                found[node][int(number)] = archive[key]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise FileError(
            "A file of weights must be one that an import wrote.", f"{path}: {error}", "Import again."
        ) from error
    return {node: [arrays[number] for number in sorted(arrays)] for node, arrays in found.items()}


def carry(graph: Graph, layers: Mapping[str, keras.layers.Layer], weights: Carried | Path) -> tuple[str, ...]:
    """Put weights into the layers that they fit.

    Args:
        graph: The drawing.
        layers: The built layers, by node id.
        weights: Arrays by the layer's name, or an .npz file of them by node id.

    Returns:
        The names of the layers that there were weights for, but of other shapes; they keep their own.
    """
    given: Mapping[str, Sequence[np.ndarray]]
    if isinstance(weights, Path):
        given = read_weights(weights)
    else:
        given = {node: weights[name] for node, name in keras_names(graph).items() if name in weights}
    left = []
    for node, layer in layers.items():
        arrays = given.get(node)
        if arrays is None:
            continue
        if [tuple(weight.shape) for weight in layer.weights] == [tuple(array.shape) for array in arrays]:
            layer.set_weights(list(arrays))
        else:
            left.append(graph.by_id[node].name)
    return tuple(left)
