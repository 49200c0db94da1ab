"""Keras models of others, imported to our drawing and built again from it: the same parameters, the same answers."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from workbench.engine.build import build_model
from workbench.engine.check import check
from workbench.importing import Imported, import_model
from workbench.project.model import Project


def shaken(model: keras.Model) -> keras.Model:
    """The model with every weight moved off its first value, so that nothing agrees by chance."""
    draw = np.random.default_rng(0)
    model.set_weights([weight * (1 + 0.1 * draw.random()) + 0.01 * draw.random() for weight in model.get_weights()])
    return model


def many_ways() -> keras.Model:
    """Two inputs, a nested model and a layer used twice, a stack inside, merges, operations, wrappers, attention."""
    entry = keras.Input((6,), name="inside")
    nested = keras.Model(entry, layers.Dense(4, name="second")(layers.Dense(5, name="first")(entry)), name="nested")
    one, two = keras.Input((8,), name="one"), keras.Input((3,), name="two")
    twice = layers.Dense(6, activation="relu", kernel_regularizer="l2", name="twice")
    left = nested(twice(one))
    right = nested(twice(layers.Dense(8, name="widened")(two)))
    both = left + right
    both = layers.ReLU(6.0)(both * 0.5 + 3.0)
    stack = keras.Sequential(
        [layers.Dense(8, kernel_initializer="he_normal", name="wide"), layers.LeakyReLU(0.1)], name="stack"
    )
    steps = layers.Reshape((4, 2))(stack(both))
    steps = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both_ways")(steps)
    steps = layers.TimeDistributed(layers.Dense(3), name="each")(steps)
    steps = layers.MultiHeadAttention(2, 3, name="attention")(steps, steps, use_causal_mask=True)
    flat = layers.Concatenate()([layers.Flatten()(steps), layers.Subtract()([left, right]), both[:, 1:3]])
    return keras.Model([one, two], layers.Dense(3, activation="softmax", name="answer")(flat), name="many_ways")


def saved(model: keras.Model, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(path)
    return path


def difference(imported: Imported, model: keras.Model, constants: int = 0) -> float:
    """The largest distance between the answers of the original and of what is built from the drawing.

    Args:
        imported: What came in.
        model: What was saved.
        constants: How many numbers are weights to Keras, and settings of a node here.
    """
    assert imported.info is not None
    rebuilt = build_model(imported.graph, imported.info, weights=imported.weights)
    assert rebuilt.count_params() + constants == model.count_params()
    sample = np.random.default_rng(1).random((3, *imported.info.input_shape)).astype("float32")
    apart: Any = sample
    if len(model.inputs) > 1:
        ends = np.cumsum([entry.shape[1] for entry in model.inputs])[:-1]
        apart = np.split(sample, ends, axis=1)
    return float(np.abs(rebuilt.predict(sample, verbose=0) - model.predict(apart, verbose=0)).max())


@pytest.fixture(scope="module")
def original() -> keras.Model:
    keras.utils.set_random_seed(3)
    return shaken(many_ways())


@pytest.fixture(scope="module")
def imported(original: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("many")
    return import_model(saved(original, folder / "many.keras"), into=folder)


def test_that_a_branching_nested_and_shared_model_answers_the_same(original: keras.Model, imported: Imported) -> None:
    assert imported.weights is not None
    assert difference(imported, original) <= 1e-5


def test_that_a_nested_model_becomes_a_group_and_its_second_use_shares(imported: Imported) -> None:
    graph = imported.graph
    assert [group.name for group in graph.groups] == ["nested", "nested", "stack"]
    first, second = graph.groups[0].nodes, graph.groups[1].nodes
    assert [graph.by_id[node].shares for node in second] == list(first)
    assert [graph.by_id[node].name for node in first] == ["first", "second"]
    twice = [node for node in graph.nodes if node.name.startswith("twice")]
    assert twice[1].shares == twice[0].id


def test_that_operations_become_layers_and_what_cannot_is_kept_and_says_why(imported: Imported) -> None:
    layer_names = [node.layer for node in imported.graph.nodes]
    assert {"Add", "Subtract", "Rescaling", "ReLU"} <= set(layer_names)
    assert layer_names.count("Kept") == 1
    assert len(imported.kept) == 1
    assert "GetItem" in imported.kept[0]


def test_that_only_what_differs_from_the_defaults_is_set(imported: Imported) -> None:
    by_name = {node.name: node for node in imported.graph.nodes}
    assert by_name["twice"].params == {"units": 6, "activation": "relu", "kernel_regularizer": "l2"}
    assert by_name["answer"].params == {"units": 3, "activation": "softmax"}
    assert by_name["wide"].params == {"units": 8, "kernel_initializer": "he_normal"}
    assert by_name["attention"].params == {"num_heads": 2, "key_dim": 3, "use_causal_mask": True}
    assert by_name["each"].params == {"layer": {"layer": "Dense", "params": {"units": 3}}}
    inner = {"layer": "LSTM", "params": {"return_sequences": True, "units": 3}}
    assert by_name["both_ways"].params == {"layer": inner}


def test_that_the_inputs_take_the_columns_of_one_table(imported: Imported) -> None:
    info = imported.info
    assert info is not None
    assert info.input_shape == (11,)
    assert [len(node.params["columns"]) for node in imported.graph.inputs] == [8, 3]
    assert info.classes == ("class 0", "class 1", "class 2")


def test_that_the_check_agrees_with_keras(original: keras.Model, imported: Imported) -> None:
    report = check(Project(graph=imported.graph, info=imported.info))
    assert [problem for problem in report.problems if problem.severity == "error"] == []
    assert report.total_params == original.count_params()


def test_that_a_published_model_comes_back_the_same(tmp_path: Path) -> None:
    model = shaken(keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, weights=None, classes=5))
    found = import_model(saved(model, tmp_path / "mobile.keras"), into=tmp_path)
    assert found.info is not None
    assert (found.info.kind, found.info.input_shape, len(found.info.classes)) == ("image", (32, 32, 3), 5)
    assert difference(found, model) <= 1e-5


def test_that_a_legacy_file_comes_back_the_same_and_tells_what_was_learned_of_the_data(tmp_path: Path) -> None:
    entry = keras.Input((6,))
    normal = layers.Normalization(name="normal")
    normal.adapt(np.array([[1.0] * 6, [3.0] * 6], dtype="float32"))
    body = keras.Sequential([layers.Dense(5, activation="tanh"), layers.BatchNormalization()], name="body")
    merged = layers.Add(name="merged")([body(normal(entry)), layers.Dense(5, use_bias=False)(entry)])
    model = keras.Model(entry, layers.Dense(1)(merged))
    found = import_model(saved(model, tmp_path / "old.h5"), into=tmp_path)
    assert found.info is not None
    assert found.info.task == "regression"
    assert found.kept == ()
    told = next(node.params for node in found.graph.nodes if node.name == "normal")
    assert told == {"mean": [2.0] * 6, "variance": [1.0] * 6}
    assert difference(found, model, constants=13) <= 1e-5


def test_that_an_architecture_alone_has_no_weights(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(keras.Sequential([keras.Input((4,)), layers.Dense(2)]).to_json(), encoding="utf-8")
    found = import_model(path)
    assert found.weights is None
    assert [node.layer for node in found.graph.nodes] == ["Input", "Dense", "Output"]


def test_that_unlike_sides_and_what_falls_out_together_can_be_edited(tmp_path: Path) -> None:
    entry = keras.Input((6, 6, 3))
    x = layers.Cropping2D(((1, 0), (0, 0)), name="cut")(layers.ZeroPadding2D(((0, 1), (2, 1)), name="pad")(entry))
    x = layers.Dropout(0.5, noise_shape=(None, 1, 1, 1), name="drop")(x)
    model = shaken(keras.Model(entry, layers.Dense(2)(layers.Flatten()(x))))
    found = import_model(saved(model, tmp_path / "sides.keras"), into=tmp_path)
    params = {node.name: node.params for node in found.graph.nodes}
    assert found.kept == ()
    assert (params["pad"], params["cut"]) == ({"padding": [[0, 1], [2, 1]]}, {"cropping": [[1, 0], [0, 0]]})
    assert params["drop"] == {"rate": 0.5, "noise_shape": [-1, 1, 1, 1]}
    assert difference(found, model) <= 1e-5


def test_that_classes_are_told_from_a_convolution_at_the_end(tmp_path: Path) -> None:
    entry = keras.Input((6, 6, 3))
    x = layers.Conv2D(7, 1)(layers.GlobalAveragePooling2D(keepdims=True)(entry))
    model = keras.Model(entry, layers.Softmax()(layers.Flatten()(x)))
    found = import_model(saved(model, tmp_path / "ends.keras"), into=tmp_path)
    assert found.info is not None
    assert len(found.info.classes) == 7
    assert check(Project(graph=found.graph, info=found.info)).ok


def test_that_a_kept_block_of_a_strangers_project_is_looked_at_too() -> None:
    from workbench.core.errors import FileError
    from workbench.engine.layers import make_layer

    evil = {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "x", "function": "os.system"}}
    definition = json.dumps({"layer": evil, "args": [{"input": 0}], "kwargs": {}})
    with pytest.raises(FileError, match="Lambda"):
        make_layer("Kept", {"definition": definition}, name="kept")


def test_that_a_layer_with_several_outputs_in_use_is_drawn_with_a_link_from_each(tmp_path: Path) -> None:
    entry = keras.Input((4, 3))
    out, state, _ = layers.LSTM(5, return_state=True)(entry)
    model = shaken(keras.Model(entry, layers.Dense(2)(layers.Concatenate()([out, state])), name="states"))
    found = import_model(saved(model, tmp_path / "states.keras"), into=tmp_path)
    assert [node.layer for node in found.graph.nodes] == ["Input", "LSTM", "Concatenate", "Dense", "Output"]
    assert not found.kept
    assert difference(found, model) <= 1e-5
