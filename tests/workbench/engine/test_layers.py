"""Layers made of others: named operations, cells in recurrent layers, lists of layers; and those refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from workbench.catalog import every_layer, layers
from workbench.catalog.operations import OPERATIONS, call_of
from workbench.core.errors import GraphError
from workbench.data.spec import DatasetInfo
from workbench.engine.check import check
from workbench.engine.layers import make_layer
from workbench.graph import edits
from workbench.graph.describe import summary
from workbench.graph.model import Graph
from workbench.project.model import Project

CELL = {"layer": "LSTMCell", "params": {"units": 4}}
STACKED = {"layer": "StackedRNNCells", "params": {"cells": [CELL, {"layer": "GRUCell", "params": {"units": 3}}]}}


def drawing(layer: str, params: dict[str, Any]) -> Graph:
    graph, _ = edits.append(edits.blank(), layer, params)
    return edits.append(graph, "Dense", {"units": 1})[0]


def problems(layer: str, params: dict[str, Any], *shape: int) -> list[str]:
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    info = DatasetInfo(title="t", kind="array", task="regression", input_shape=shape, **sizes)
    return [problem.message for problem in check(Project(graph=drawing(layer, params), info=info)).problems]


def built(layer: str, params: dict[str, Any], *shape: int, seed: int = 0) -> keras.Model:
    entry = keras.Input(shape)
    return keras.Model(entry, make_layer(layer, params, name="node", seed=seed)(entry))


def test_that_every_named_operation_does_what_keras_does_and_is_reopened_in_safe_mode(tmp_path: Path) -> None:
    x = np.random.default_rng(0).random((3, 4, 1), dtype="float32") + 0.5
    entry = keras.Input((4, 1))
    outputs = {}
    for name in OPERATIONS:
        params = {"function": name, "axis": 1, "place": 2}
        outputs[name] = make_layer("Lambda", params, name=f"op_{name}")(
            keras.ops.transpose(entry, (0, 2, 1)) if name == "squeeze" else entry
        )
        function, arguments = call_of(params)
        given = x.transpose(0, 2, 1) if name == "squeeze" else x
        expected = getattr(keras.ops, function)(keras.ops.convert_to_tensor(given), **arguments)
        found = keras.Model(entry, outputs[name])(x)
        np.testing.assert_allclose(np.asarray(found), np.asarray(expected), atol=1e-5, err_msg=name)
    model = keras.Model(entry, outputs)
    model.save(tmp_path / "operations.keras")
    again = keras.saving.load_model(tmp_path / "operations.keras", safe_mode=True)
    for name, value in again(x).items():
        np.testing.assert_allclose(np.asarray(value), np.asarray(model(x)[name]), atol=1e-6, err_msg=name)


def test_that_an_operation_no_one_named_is_refused() -> None:
    assert problems("Lambda", {"function": "import os"}, 4)
    with pytest.raises(Exception, match="must be one of"):
        make_layer("Lambda", {"function": "load"}, name="x")


@pytest.mark.parametrize("cell", [CELL, STACKED, {"layer": "SimpleRNNCell", "params": {"units": 2}}])
def test_that_cells_are_settings_of_an_rnn_seeded_with_it(cell: dict[str, Any], tmp_path: Path) -> None:
    assert problems("RNN", {"cell": cell}, 5, 3) == []
    x = np.random.default_rng(0).random((2, 5, 3), dtype="float32")
    first, second, other = (built("RNN", {"cell": cell}, 5, 3, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first(x), second(x))
    assert not np.array_equal(first(x), other(x))
    first.save(tmp_path / "rnn.keras")
    np.testing.assert_allclose(keras.saving.load_model(tmp_path / "rnn.keras", safe_mode=True)(x), first(x), atol=1e-6)


def test_that_a_list_of_cells_is_told_on_the_node() -> None:
    node = next(node for node in drawing("RNN", {"cell": STACKED}).nodes if node.layer == "RNN")
    assert summary(node) == "StackedRNNCells LSTMCell 4 units + GRUCell 3 units"


def test_that_a_fault_inside_a_list_is_found() -> None:
    wrong = {"layer": "StackedRNNCells", "params": {"cells": [{"layer": "LSTMCell", "params": {"units": 0}}]}}
    assert any("Units" in message for message in problems("RNN", {"cell": wrong}, 5, 3))
    assert problems("Pipeline", {"layers": [{"layer": "Dense", "params": {}}]}, 8, 8, 3)
    assert problems("Pipeline", {"layers": []}, 8, 8, 3)


def test_that_a_random_crop_keeps_its_size_whether_it_trains_or_not() -> None:
    model = built("RandomCrop", {"height": 5, "width": 4}, 8, 8, 3)
    x = np.random.default_rng(0).random((2, 8, 8, 3), dtype="float32")
    assert model(x, training=True).shape == model(x, training=False).shape == (2, 5, 4, 3)
    np.testing.assert_allclose(model(x, training=False), x[:, 1:6, 2:6], atol=1e-6)


def test_that_an_equalization_does_what_keras_does() -> None:
    x = np.random.default_rng(0).random((2, 8, 8, 3), dtype="float32")
    ours = built("Equalization", {"value_range": [0, 1]}, 8, 8, 3)(x)
    np.testing.assert_allclose(ours, keras.layers.Equalization(value_range=(0, 1))(x), atol=1e-6)


def test_that_what_cannot_be_placed_is_refused_with_its_reason() -> None:
    for name, spec in every_layer().items():
        if name in layers() or spec.params:
            continue
        with pytest.raises(GraphError, match="cannot be placed"):
            make_layer(name, {}, name="x")
        assert any(spec.reason in message for message in problems(name, {}, 4)), name


def test_that_only_what_can_be_inside_another_layer_is_taken() -> None:
    for inner in ("Add", "ResNet50", "Normalization", "Lambda", "Input"):
        assert problems("TimeDistributed", {"layer": {"layer": inner, "params": {}}}, 5, 3), inner
    assert problems("TimeDistributed", {"layer": {"layer": "LSTM", "params": {"units": 2}}}, 5, 4, 3) == [
        "The network ends in a sequence of 5×1 for each sample, but the data ask for one value."
    ]
