"""What one real sample becomes after each layer: small pictures, curves and histograms, made to be looked at."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np

from workbench.core.cancel import CancelToken
from workbench.core.errors import DataError, WorkbenchError
from workbench.data.dataset import Dataset, PartName
from workbench.data.encode import model_input
from workbench.engine import runtime
from workbench.engine.build import build_model, call_inputs
from workbench.engine.layers import keras_names
from workbench.engine.predict import RunPredictor
from workbench.graph.inputs import places
from workbench.graph.model import INPUT, OUTPUT, Graph
from workbench.graph.ports import place_of
from workbench.graph.rules import leading
from workbench.graph.wiring import arranged, owner
from workbench.project.model import Project
from workbench.runs import store

ADAPT_SAMPLES = 2048
MOST_CHANNELS = 16
MOST_SIDE = 64
MOST_BARS = 48
BINS = 32

Kind = Literal["picture", "maps", "curves", "bars", "histogram"]


@dataclasses.dataclass(frozen=True)
class Activation:
    """What a sample is after one layer.

    Args:
        kind: "picture" (as it is), "maps" (channels side by side), "curves" (over the steps), "bars" (one a number)
            or "histogram" (how many numbers are how large).
        shape: The sample's shape there, the batch axis apart.
        pixels: For pictures and maps: uint8 [rows, columns] or [rows, columns, 3].
        lines: For curves, bars and histograms: the heights of each line.
        low: The smallest number.
        high: The largest number.
        mean: Their mean.
        zeros: The part of them that is 0, from 0 to 1.
    """

    kind: Kind
    shape: tuple[int, ...]
    pixels: np.ndarray | None = None
    lines: tuple[tuple[float, ...], ...] = ()
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    zeros: float = 0.0


@dataclasses.dataclass(frozen=True)
class Activations:
    """One sample's way through the network.

    Args:
        sample: The sample's name.
        label: What it is.
        run: The run whose weights were used; empty for a network that was not trained.
        nodes: What it is after each node, by id.
    """

    sample: str
    label: str
    run: str
    nodes: Mapping[str, Activation]


def activations(
    project: Project,
    dataset: Dataset,
    row: int = 0,
    part: PartName = "validation",
    folder: Path | None = None,
    cancel: CancelToken | None = None,
) -> Activations:
    """Send one sample through the network that the drawing describes.

    Args:
        project: The drawing, and the seed of its weights.
        dataset: Where the sample comes from.
        row: Its number in the part; beyond the end one begins anew.
        part: The part it is from.
        folder: The project's folder: the newest run's weights are used where they fit every layer of the drawing.
        cancel: Looked at before each layer.

    Raises:
        DataError: The part holds no sample.
        GraphError: The drawing cannot be built.
    """
    samples = dataset.part(part)
    if not len(samples):
        raise DataError("There must be a sample to look at.", f"none in the {part} part", "Give that part a share.")
    row %= len(samples)
    graph, info = project.graph, dataset.info
    adapt = model_input(dataset.preparation, dataset.part("train").x[:ADAPT_SAMPLES])
    trained, run = _trained(folder)
    with runtime.build_lock:
        model = build_model(graph, info, project.training.seed, adapt, trained)
    if not _fits(model, trained):
        run = ""
        if trained is not None:
            with runtime.build_lock:
                model = build_model(graph, info, project.training.seed, adapt)
    x = model_input(dataset.preparation, samples.x[row : row + 1])
    values = _walked(graph, project, model, dataset, x, cancel)
    index = int(samples.index[row])
    seen = {node: described(value, as_is=graph.by_id[node].layer == INPUT) for node, value in values.items()}
    return Activations(dataset.sample_name(index), str(dataset.label(index)), run, seen)


def _trained(folder: Path | None) -> tuple[dict[str, list[np.ndarray]] | None, str]:
    """The weights of the newest run that left a model, by layer."""
    try:
        record = store.latest_usable(folder) if folder is not None else None
        if folder is None or record is None:
            return None, ""
        model = RunPredictor(folder, record.run).model
    except WorkbenchError:
        return None, ""
    return {layer.name: layer.get_weights() for layer in model.layers if layer.weights}, record.run


def _fits(model: keras.Model, trained: Mapping[str, list[np.ndarray]] | None) -> bool:
    if trained is None:
        return False
    return all(
        [tuple(weight.shape) for weight in layer.weights] == [array.shape for array in trained.get(layer.name, [])]
        for layer in model.layers
        if layer.weights
    )


def _walked(
    graph: Graph, project: Project, model: keras.Model, dataset: Dataset, x: np.ndarray, cancel: CancelToken | None
) -> dict[str, np.ndarray]:
    names, wanted = keras_names(graph), leading(graph)
    tensors: dict[str, list[Any]] = {}
    for node_id in graph.order:
        if node_id not in wanted:
            continue
        if cancel is not None:
            cancel.raise_if_stopped()
        node = graph.by_id[node_id]
        sources = [tensors[link.source][place_of(graph, link)] for link in arranged(graph, node_id)]
        if node.layer == INPUT:
            chosen = places(node, dataset.info)
            entry = keras.ops.convert_to_tensor(x)
            tensors[node_id] = [entry if chosen is None else keras.ops.take(entry, list(chosen), axis=-1)]
        elif node.layer == OUTPUT:
            tensors[node_id] = sources[:1]
        else:
            owned = owner(graph, node)
            arguments, options = call_inputs(owned.layer, sources, owned.params)
            tensors[node_id] = keras.tree.flatten(model.get_layer(names[owned.id])(*arguments, **options))
    return {node: np.asarray(keras.ops.convert_to_numpy(values[0]))[0] for node, values in tensors.items()}


def described(value: np.ndarray, *, as_is: bool = False) -> Activation:
    """One sample's numbers as something to look at.

    Args:
        value: The numbers, the batch axis apart.
        as_is: Whether three channels are a colour picture.
    """
    shape = tuple(value.shape)
    numbers = np.nan_to_num(np.asarray(value, np.float64))
    facts: dict[str, Any] = {"shape": shape}
    if numbers.size:
        facts |= {
            "low": float(numbers.min()),
            "high": float(numbers.max()),
            "mean": float(numbers.mean()),
            "zeros": float((numbers == 0).mean()),
        }
    while numbers.ndim > 3:
        numbers = numbers[numbers.shape[0] // 2]
    if numbers.ndim == 3 and min(numbers.shape) > 0:
        if as_is and numbers.shape[-1] in (1, 3):
            return Activation("picture", pixels=_bytes(_thinned(numbers).squeeze()), **facts)
        return Activation("maps", pixels=_bytes(_mosaic(numbers)), **facts)
    if numbers.ndim == 2 and min(numbers.shape) > 0:
        if numbers.shape[1] <= 4:
            return Activation("curves", lines=tuple(tuple(line) for line in _thinned(numbers).T.tolist()), **facts)
        return Activation("maps", pixels=_bytes(_thinned(_thinned(numbers).T)), **facts)
    flat = numbers.reshape(-1)
    if flat.size <= MOST_BARS:
        return Activation("bars", lines=(tuple(flat.tolist()),), **facts)
    return Activation("histogram", lines=(tuple(np.histogram(flat, BINS)[0].tolist()),), **facts)


def _thinned(numbers: np.ndarray) -> np.ndarray:
    """At most `MOST_SIDE` rows and columns, evenly taken."""
    for axis in range(min(numbers.ndim, 2)):
        step = math.ceil(numbers.shape[axis] / MOST_SIDE)
        if step > 1:
            numbers = numbers[(slice(None),) * axis + (slice(None, None, step),)]
    return numbers


def _mosaic(numbers: np.ndarray) -> np.ndarray:
    """The first channels side by side, a gap of the lowest value between."""
    maps = _thinned(numbers)[:, :, :MOST_CHANNELS]
    rows, columns, channels = maps.shape
    wide = math.ceil(math.sqrt(channels))
    tall = math.ceil(channels / wide)
    gap = 1 if rows > 2 else 0
    ground = np.full((tall * (rows + gap) - gap, wide * (columns + gap) - gap), maps.min())
    for channel in range(channels):
        top, left = (channel // wide) * (rows + gap), (channel % wide) * (columns + gap)
        ground[top : top + rows, left : left + columns] = maps[:, :, channel]
    return ground


def _bytes(numbers: np.ndarray) -> np.ndarray:
    low, span = numbers.min(), numbers.max() - numbers.min()
    scaled: np.ndarray = np.atleast_2d((numbers - low) / span * 255 if span else np.zeros_like(numbers))
    return scaled.astype(np.uint8)
