"""Every class of `keras.layers`: placed on the canvas, built, trained a step, saved, reopened and exported, or why not.

Run from the checkout: `.venv/bin/python tests/benchmarks/layers.py`. Prints a line for each class that falls short and
the sums; exits 1 where one falls short without a named reason. `--models` does the same with every model of
`keras.applications` as one block, without weights (many minutes); names after the options choose some of either.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workbench.catalog.layers import LayerSpec, every_layer
from workbench.core.errors import WorkbenchError
from workbench.data.spec import DatasetInfo
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project

STEPS = ("placed", "built", "trained", "saved", "reopened", "exported")
SHAPES: dict[int, tuple[int, ...]] = {1: (8,), 2: (6, 4), 3: (8, 8, 3), 4: (4, 4, 4, 2), 5: (3, 4, 4, 4, 2)}
OWN_SHAPES = {
    "STFTSpectrogram": (1000, 1),
    "MelSpectrogram": (5000,),
    "HashedCrossing": (1,),
    "GroupNormalization": (32,),
    "Permute": (6, 4),
}
INTEGERS = ("Embedding", "ReversibleEmbedding", "Hashing", "CategoryEncoding", "IntegerLookup", "HashedCrossing")
TEXTS = ("TextVectorization", "StringLookup")
SETTINGS: dict[str, dict[str, Any]] = {"RandomCrop": {"height": 6, "width": 6}}
PICTURES = 96
"""The side of the pictures that the published models are tried on, in pixels."""


def shape_for(spec: LayerSpec) -> tuple[int, ...]:
    """One sample's shape that suits a layer."""
    from workbench.engine.needs import needed_rank, subject

    if spec.category == "models":
        return (PICTURES, PICTURES, 3)
    stepwise = spec.category in ("attention", "recurrent") or spec.name == "Masking"
    rank = needed_rank(subject(spec.name, {})) or (2 if stepwise else 1)
    return OWN_SHAPES.get(spec.name, SHAPES[rank])


def drawing(spec: LayerSpec) -> Graph:
    """The layer between an input and a head; a part of a recurrent layer inside one."""
    name, settings = spec.name, SETTINGS.get(spec.name, {})
    if name.endswith(("Cell", "Cells")):
        cell: dict[str, Any] = {"layer": name, "params": {} if name.endswith("Cells") else {"units": 4}}
        name, settings = "RNN", {"cell": cell}
    graph, node = edits.append(edits.blank(), name, settings)
    for _ in range(spec.min_inputs - 1):
        graph, branch = edits.add(graph, "Identity")
        source = graph.input.id if graph.input else ""
        graph = edits.connect(edits.connect(graph, source, branch), branch, node)
    for layer, params in (("LSTM" if name == "Masking" else "Flatten", {}), ("Dense", {"units": 1})):
        graph, _ = edits.append(graph, layer, params)
    return graph


def text_model(spec: LayerSpec) -> tuple[Any, Any]:
    """A model that is fed text, and its samples: no data of the program are text yet, so it is put together here."""
    import keras
    import tensorflow as tf

    from workbench.engine import adapt
    from workbench.engine.layers import make_layer

    x = np.array([["the cat"], ["a dog"], ["the bird"], ["cat"]])
    params: dict[str, Any] = {"output_mode": "multi_hot", "max_tokens": 12}
    params |= adapt.learned(spec.name, params, [x])
    entry = keras.Input((1,), dtype="string")
    tensor = make_layer(spec.name, params, name="text", seed=0)(entry)
    return keras.Model(entry, keras.layers.Dense(1)(keras.layers.Flatten()(tensor))), tf.constant(x)


def drawn_model(spec: LayerSpec, done: list[str]) -> tuple[Any, Any]:
    """The model of a drawing that the check finds nothing wrong with, and its samples."""
    from workbench.engine.build import build_model
    from workbench.engine.check import check

    shape, integer = shape_for(spec), spec.name in INTEGERS
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    info = DatasetInfo(
        title="t", kind="array", task="regression", input_shape=shape, integer_input=integer, vocabulary=3, **sizes
    )
    graph = drawing(spec)
    report = check(Project(graph=graph, info=info))
    if report.problems:
        raise WorkbenchError(report.problems[0].message, "", "")
    done.append("placed")
    draw = np.random.default_rng(0)
    count = 2 if spec.category == "models" else 4
    x: Any = draw.random((count, *shape), dtype="float32")
    if integer:
        x = draw.integers(0, 3, (count, *shape)).astype("int32")
    model = build_model(graph, info, seed=3, adapt=x)
    if model.count_params() != report.total_params:
        raise WorkbenchError("The check must count what Keras counts.", f"{report.total_params}", "")
    return model, x


def carried_out(spec: LayerSpec, folder: Path) -> tuple[list[str], str]:
    """The steps that worked, and what went wrong at the next."""
    import keras
    import tensorflow as tf

    done: list[str] = []
    steps: dict[str, Callable[[], Any]] = {}
    try:
        if spec.name in TEXTS:
            model, x = text_model(spec)
            done.append("placed")
        else:
            model, x = drawn_model(spec, done)
        done.append("built")
        before = model.get_weights()
        model.compile(keras.optimizers.SGD(1e-3), "mse", jit_compile=False)
        model.train_on_batch(x, np.full((len(x), 1), 2.0))
        if not any((old != new).any() for old, new in zip(before, model.get_weights(), strict=True)):
            raise WorkbenchError("A step must change a weight.", "none changed", "")
        done.append("trained")
        expected = np.asarray(model(x, training=False))
        path = folder / f"{spec.name}.keras"
        steps["saved"] = lambda: model.save(path)
        steps["reopened"] = lambda: keras.saving.load_model(path, safe_mode=True)(x, training=False)
        steps["exported"] = lambda: exported(model, x, folder / spec.name, tf)
        for name, step in steps.items():
            answer = step()
            if answer is not None:
                np.testing.assert_allclose(np.asarray(answer), expected, atol=1e-4)
            done.append(name)
    # Whatever is raised, by Keras, TensorFlow or us, is what the table is for.
    except Exception as error:
        words = re.sub("\x1b\\[[0-9;]*m", "", str(error))
        first = next((line for line in words.splitlines() if line.strip()), "")
        return done, f"{type(error).__name__}: {first}"
    return done, ""


def exported(model: Any, x: Any, path: Path, tf: Any) -> Any:
    """What the exported model answers."""
    from keras.export import ExportArchive

    archive = ExportArchive()
    archive.track(model)
    # Layers that augment do so unless told not to.
    given = [tf.TensorSpec((None, *x.shape[1:]), x.dtype)]
    archive.add_endpoint("serve", lambda samples: model(samples, training=False), given)
    archive.write_out(path, verbose=False)
    loaded = tf.saved_model.load(path)
    return loaded.serve(x)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", action="store_true", help="the models of keras.applications in place of the layers")
    parser.add_argument("names", nargs="*", help="only these")
    chosen = parser.parse_args(arguments)
    specs = [
        spec
        for spec in every_layer().values()
        if spec.category != "io"
        and (spec.category == "models") == chosen.models
        and (not chosen.names or spec.name in chosen.names)
    ]
    counts = dict.fromkeys(STEPS, 0)
    reasons, failures, began = [], [], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for spec in specs:
            if spec.reason and not spec.params and spec.name != "InputLayer":
                reasons.append(f"{spec.name}: {spec.reason}")
                continue
            # The Input of every drawing is Keras's InputLayer.
            done, fault = carried_out(every_layer()["Identity"] if spec.name == "InputLayer" else spec, Path(folder))
            for step in done:
                counts[step] += 1
            if fault:
                failures.append(f"{spec.name}: after {done[-1] if done else 'nothing'}: {fault}")
            if chosen.models:
                sys.stdout.write(f"{spec.name}: {fault or 'all'}\n")
                sys.stdout.flush()
    where = "keras.applications" if chosen.models else "keras.layers"
    sys.stdout.write(f"{len(specs)} classes of {where} in {time.perf_counter() - began:.0f} s\n")
    for step, count in counts.items():
        sys.stdout.write(f"  {step:<10}{count:>5}\n")
    for title, lines in ((f"not placed, {len(reasons)}, each for a reason:", reasons), ("fell short:", failures)):
        if lines:
            sys.stdout.write(title + "\n" + "".join(f"  {line}\n" for line in lines))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
