"""Every layer of the catalogue placed on what suits it: built, trained a step, seeded, saved, reopened and exported."""

from __future__ import annotations

import random
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from workbench.catalog import layers
from workbench.data.spec import DatasetInfo
from workbench.engine.adapt import stand_in
from workbench.engine.build import build_model, call_inputs
from workbench.engine.check import check
from workbench.engine.layers import make_layer
from workbench.engine.needs import needed_rank, subject
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project

# Text reaches no network yet; its layers have tests of their own, as have the published models.
TEXT = ("TextVectorization", "StringLookup")
NAMES = [name for name, spec in layers().items() if spec.category not in ("io", "models") and name not in TEXT]
WORDS = ("Embedding", "ReversibleEmbedding", "Hashing", "CategoryEncoding", "IntegerLookup")
SHAPES = {1: (8,), 2: (6, 4), 3: (8, 8, 3), 4: (4, 4, 4, 2), 5: (3, 4, 4, 4, 2)}
OWN_SHAPES = {
    "STFTSpectrogram": (1000, 1),
    "MelSpectrogram": (5000,),
    "HashedCrossing": (1,),
    "GroupNormalization": (32,),
    "Permute": (6, 4),
}
SETTINGS = {"RandomCrop": {"height": 6, "width": 6}}
# Keras draws AugMix's mixing weights without its seed.
UNSEEDED = ("AugMix",)


def shape_for(name: str) -> tuple[int, ...]:
    spec = layers()[name]
    rank = needed_rank(subject(name, {}))
    stepwise = spec.category == "attention" or name in ("TimeDistributed", "Masking")
    return OWN_SHAPES.get(name, SHAPES[rank or (2 if stepwise else 1)])


def is_integer(name: str) -> bool:
    return name in (*WORDS, "HashedCrossing")


def info_for(name: str) -> DatasetInfo:
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    shape, integer = shape_for(name), is_integer(name)
    return DatasetInfo(
        title="t", kind="array", task="regression", input_shape=shape, integer_input=integer, vocabulary=3, **sizes
    )


def graph_with(name: str) -> Graph:
    graph, node = edits.append(edits.blank(), name, SETTINGS.get(name, {}))
    for _ in range(layers()[name].min_inputs - 1):
        graph, branch = edits.add(graph, "Identity")
        graph = edits.connect(edits.connect(graph, graph.input.id, branch), branch, node)
    # A Flatten would drop the mask, and say so.
    for layer in ("LSTM" if name == "Masking" else "Flatten", "Dense"):
        graph, _ = edits.append(graph, layer, {"units": 1} if layer == "Dense" else {})
    return graph


def samples(name: str) -> np.ndarray:
    draw = np.random.default_rng(0)
    size = (4, *shape_for(name))
    return draw.integers(0, 3, size).astype("int32") if is_integer(name) else draw.random(size, dtype="float32")


@pytest.mark.parametrize("name", NAMES)
def test_that_the_layer_is_built_trained_saved_and_reopened(name: str, tmp_path: Path) -> None:
    graph, data, x = graph_with(name), info_for(name), samples(name)
    report = check(Project(graph=graph, info=data))
    assert report.problems == ()
    answers = []
    for start in (1, 2):
        random.seed(start)
        model = build_model(graph, data, seed=3, adapt=x)
        answers.append([*model.get_weights(), np.asarray(model(x, training=True))])
    if name not in UNSEEDED:
        for first, second in zip(*answers, strict=True):
            np.testing.assert_allclose(first, second, atol=1e-5)
    assert model.count_params() == report.total_params
    model.compile("sgd", "mse", jit_compile=False)
    model.train_on_batch(x, np.ones((4, 1)))
    for node in report.nodes:
        if node.layer not in ("Input", "Output"):
            assert tuple(model.get_layer(node.name).output.shape[1:]) == node.output_shape
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(again(x, training=False), model(x, training=False), atol=1e-5)


@pytest.mark.parametrize("integer", [False, True])
def test_that_every_layer_is_exported(integer: bool, tmp_path: Path) -> None:
    names = [name for name in NAMES if is_integer(name) == integer]
    entries: dict[tuple[int, ...], keras.KerasTensor] = {}
    outputs = {}
    for name in names:
        shape = shape_for(name)
        dtype = "int32" if integer else "float32"
        entry = entries.setdefault(
            shape, keras.Input(shape, dtype=dtype, name="x_" + "_".join(str(size) for size in shape))
        )
        arguments, options = call_inputs(name, [entry] * layers()[name].min_inputs)
        params = {**SETTINGS.get(name, {}), **stand_in(name, {})}
        outputs[name] = make_layer(name, params, name=f"layer_{name}", seed=0)(*arguments, **options)
    model = keras.Model(list(entries.values()), outputs)
    draw = np.random.default_rng(0)
    data = [
        draw.integers(0, 3, (2, *shape)).astype("int32") if integer else draw.random((2, *shape), dtype="float32")
        for shape in entries
    ]
    expected = model(data, training=False)
    archive = keras.export.ExportArchive()
    archive.track(model)
    # Layers that augment do so unless told not to, and take the layers behind them along.
    specs = [tf.TensorSpec((None, *shape), entry.dtype) for shape, entry in entries.items()]
    archive.add_endpoint("serve", lambda x: model(x, training=False), [specs])
    archive.write_out(tmp_path / "exported", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "exported")
    found = loaded.serve(data)
    assert set(found) == set(names)
    for name in names:
        np.testing.assert_allclose(found[name], expected[name], atol=1e-4, err_msg=name)
