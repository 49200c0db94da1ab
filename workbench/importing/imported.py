"""A foreign model, opened: looked at in plain Python, drawn without Keras, its weights taken out in a process apart."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core import files
from workbench.core.cancel import CancelToken
from workbench.data.spec import DatasetInfo
from workbench.graph.model import Graph
from workbench.importing import allowed, child, container, text
from workbench.importing.drawing import Drawing
from workbench.importing.guess import guess
from workbench.importing.limits import damaged, refused
from workbench.importing.network import Reader
from workbench.importing.sizes import parameters
from workbench.project.store import WEIGHTS_FILE

Progress = Callable[[float | None, str], None]

_HDF5_MEMORY, _HDF5_SECONDS = 4 * 2**30, 120
_KERAS_MEMORY, _KERAS_SECONDS = 16 * 2**30, 900
_BYTES = 4
# A statistic is told in the node while it has no more numbers than this.
_MOST_STATISTICS = 4096


@dataclasses.dataclass(frozen=True)
class Imported:
    """A foreign model as a document.

    Args:
        graph: The drawing.
        info: The data that it is for, as far as the model tells; None where it does not.
        weights: Its weights, an .npz file with "<node id>/<number>" for each; None where there are none.
        kept: What cannot be edited and stays a block, each with its reason.
        problems: What else is to be known, as sentences.
    """

    graph: Graph
    info: DatasetInfo | None
    weights: Path | None
    kept: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def import_model(
    path: Path,
    *,
    weights: bool = True,
    into: Path | None = None,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Imported:
    """Open a .keras file, a legacy .h5 file of a whole model, or an architecture as JSON.

    The file is looked at first, without Keras; nothing in it is ever run.

    Args:
        path: The file.
        weights: Whether to take its weights too.
        into: The folder that the weights are put into; a new temporary one when None.
        progress: Told how far it is.
        cancel: Ends the work at its next look.

    Raises:
        FileError: It is no whole model, or holds what a model of plain Keras layers does not.
        Cancelled: The user asked for the end.
    """
    path = Path(path).expanduser()
    tell = progress or (lambda fraction, words: None)
    with tempfile.TemporaryDirectory(prefix="workbench-import-") as scratch:
        tell(0.0, "Looking into the file")
        found = _opened(path, Path(scratch), weights, cancel)
        reader = Reader(path.name, found.config)
        drawing = reader.read()
        tell(0.2, "Drawing the layers")
        graph, info, notes = guess(drawing.graph(), reader.entries, path.stem)
        taken: Path | None = None
        notes = (*drawing.notes, *notes)
        if found.weights is not None and drawing.sources:
            tell(0.3, "Taking out the weights")
            taken = (into or Path(tempfile.mkdtemp(prefix="workbench-weights-"))) / WEIGHTS_FILE
            failure = _take_weights(path.name, found, drawing, taken, cancel)
            if failure:
                notes = (*notes, f"Its weights are left behind, as Keras cannot load it: {failure}")
                taken = None
            else:
                graph = _with_statistics(graph, taken)
        if found.assets and found.weights is not None:
            notes = (*notes, "Its vocabularies are files of their own and are not brought along.")
        tell(1.0, "")
        return Imported(graph, info, taken, tuple(drawing.kept), notes)


@dataclasses.dataclass(frozen=True)
class _Found:
    config: dict[str, Any]
    weights: Path | None = None
    elements: int = 0
    assets: bool = False


def _opened(path: Path, scratch: Path, weights: bool, cancel: CancelToken | None) -> _Found:
    form = container.form_of(path)
    if form == "h5":
        return _opened_h5(path, scratch, weights, cancel)
    opened = container.open_json(path) if form == "json" else container.open_keras(path)
    allowed.check(path.name, opened.config)
    wanted = parameters(opened.config)
    allowed.check_sizes(path.name, wanted, None)
    if not (weights and opened.weights):
        return _Found(opened.config, assets=opened.assets)
    copy = scratch / "model.weights.h5"
    container.unpack_weights(path, copy)
    elements = int(_inspected(path.name, copy, cancel)["elements"])
    allowed.check_sizes(path.name, wanted, elements)
    return _Found(opened.config, copy, elements, opened.assets)


def _opened_h5(path: Path, scratch: Path, weights: bool, cancel: CancelToken | None) -> _Found:
    copy = scratch / "model.h5"
    container.copied(path, copy)
    looked = _inspected(path.name, copy, cancel)
    if looked["config"] is None:
        raise damaged(path.name, "it holds weights, but no description of the model")
    config = text.read(path.name, looked["config"])
    allowed.check(path.name, config)
    allowed.check_sizes(path.name, parameters(config), looked["elements"])
    return _Found(config, copy if weights else None, looked["elements"])


def _inspected(name: str, path: Path, cancel: CancelToken | None) -> dict[str, Any]:
    answer = child.ask(
        ["workbench.importing.hdf5", str(path)],
        memory=_HDF5_MEMORY,
        seconds=_HDF5_SECONDS,
        name=name,
        cancel=cancel,
    )
    if "refused" in answer:
        raise refused(name, str(answer["refused"]))
    if "damaged" in answer:
        raise damaged(name, str(answer["damaged"]))
    return answer


def _take_weights(name: str, found: _Found, drawing: Drawing, target: Path, cancel: CancelToken | None) -> str:
    """Put the weights at `target`; returns why that cannot be, or nothing."""
    assert found.weights is not None, "there are weights to take"
    job, out = found.weights.with_name("job.json"), found.weights.with_name(WEIGHTS_FILE)
    order = {
        "config": found.config,
        "weights": str(found.weights),
        "out": str(out),
        "sources": {node: list(source) for node, source in drawing.sources.items()},
    }
    job.write_text(json.dumps(order), encoding="utf-8")
    answer = child.ask(
        ["workbench.engine.importing", str(job)],
        memory=_KERAS_MEMORY + 8 * _BYTES * found.elements,
        seconds=_KERAS_SECONDS,
        name=name,
        cancel=cancel,
    )
    if "error" in answer:
        return str(answer["error"])
    with files.replacing(target) as temporary:
        container.copied(out, temporary)
    return ""


def _with_statistics(graph: Graph, path: Path) -> Graph:
    """What a Normalization learned, told in its node: else a training would learn it anew from other data."""
    learned = [node for node in graph.of_layer("Normalization") if "mean" not in node.params and node.shares is None]
    if not learned:
        return graph
    with np.load(path, allow_pickle=False) as held:
        for node in learned:
            keys = [f"{node.id}/{number}" for number in range(2)]
            if not all(key in held.files for key in keys):
                continue
            mean, variance = (held[key] for key in keys)
            if mean.size > _MOST_STATISTICS or not (np.any(mean) or np.any(variance != 1)):
                continue
            values = {"mean": mean.ravel().tolist(), "variance": variance.ravel().tolist()}
            graph = graph.replaced(node.model_copy(update={"params": {**node.params, **values}}))
    return graph
