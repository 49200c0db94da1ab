"""Building the drawing: names, seeds, statistics from the data, and what is refused."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from workbench.core.errors import GraphError
from workbench.data.spec import DatasetInfo
from workbench.engine.build import build_model
from workbench.engine.layers import derived_seed
from workbench.graph import edits
from workbench.graph.model import Graph


def info(shape: tuple[int, ...], integer: bool = False) -> DatasetInfo:
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    names = ("a", "b", "c")
    return DatasetInfo(
        title="t", kind="array", task="classification", input_shape=shape, integer_input=integer, classes=names, **sizes
    )


def stack(*layers: tuple[str, dict[str, Any]]) -> Graph:
    graph = edits.blank()
    for layer, params in layers:
        graph, _ = edits.append(graph, layer, params)
    return graph


RICH = stack(
    ("Conv1D", {"filters": 4, "kernel_initializer": "he_normal"}),
    ("Bidirectional", {"layer": {"layer": "LSTM", "params": {"units": 3, "return_sequences": True}}}),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 4}),
    ("SeparableConv1D", {"filters": 4, "padding": "same"}),
    ("Flatten", {}),
    ("Dropout", {"rate": 0.5}),
    ("Dense", {"units": 3, "activation": "softmax"}),
)


def same(first: keras.Model, second: keras.Model) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first.get_weights(), second.get_weights(), strict=True))


def test_that_the_same_seed_gives_the_same_weights_in_any_thread() -> None:
    first = build_model(RICH, info((8, 3)), seed=5)
    random.seed(77)
    built: list[keras.Model] = []
    thread = threading.Thread(target=lambda: built.append(build_model(RICH, info((8, 3)), seed=5)))
    thread.start()
    thread.join()
    assert same(first, built[0])
    assert not same(first, build_model(RICH, info((8, 3)), seed=6))


def test_that_dropout_is_drawn_from_the_seed() -> None:
    x = np.ones((4, 8, 3), "float32")
    first, second = (np.asarray(build_model(RICH, info((8, 3)), seed=5)(x, training=True)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_that_no_two_weights_of_a_layer_begin_alike() -> None:
    model = build_model(RICH, info((8, 3)), seed=5)
    matrices = [np.asarray(weight) for weight in model.get_weights() if weight.ndim > 1 and np.any(weight)]
    for place, one in enumerate(matrices):
        for other in matrices[place + 1 :]:
            assert one.shape != other.shape or not np.array_equal(one, other)


def test_that_layers_keep_the_names_of_the_canvas_as_far_as_keras_can() -> None:
    graph = stack(("Dense", {}), ("Dense", {}), ("Dense", {"units": 3}))
    names = ["my layer", "my_layer", "größe"]
    for node, name in zip([node for node in graph.nodes if node.layer == "Dense"], names, strict=True):
        graph = edits.rename(graph, node.id, name)
    model = build_model(graph, info((8,)))
    assert [layer.name for layer in model.layers] == ["input", "my_layer", "my_layer_1", "gr__e"]


def test_that_a_branch_that_leads_nowhere_is_left_out() -> None:
    graph = stack(("Dense", {"units": 3}))
    graph, loose = edits.add(graph, "Dense", {"units": 1000})
    graph = edits.connect(graph, graph.input.id, loose)
    assert build_model(graph, info((8,))).count_params() == 27


def test_that_a_skip_goes_around() -> None:
    graph, first = edits.append(edits.blank(), "Dense", {"units": 8})
    graph, merge = edits.append(graph, "Add")
    graph = edits.connect(graph, graph.input.id, merge)
    model = build_model(graph, info((8,)))
    x = np.random.default_rng(0).random((2, 8), dtype="float32")
    inner = model.get_layer(graph.by_id[first].name)
    np.testing.assert_allclose(model(x), inner(x) + x, rtol=1e-6)


def test_that_normalization_learns_what_reaches_it_and_keeps_it_in_the_file(tmp_path: Path) -> None:
    graph = stack(("Rescaling", {"scale": 10.0}), ("Normalization", {}), ("Dense", {"units": 3}))
    x = np.random.default_rng(0).normal(3, 2, (5000, 4)).astype("float32")
    model = build_model(graph, info((4,)), adapt=x)
    scaled = keras.Model(model.input, model.get_layer("normalization").output)
    out = scaled.predict(x, verbose=0)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(out.std(axis=0), 1, atol=1e-4)
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras", safe_mode=True)
    np.testing.assert_allclose(loaded(x[:9]), model(x[:9]), atol=1e-6)


def test_that_a_normalization_with_its_own_statistics_keeps_them() -> None:
    graph = stack(("Normalization", {"mean": 2.0, "variance": 4.0}), ("Dense", {"units": 3}))
    model = build_model(graph, info((4,)), adapt=np.zeros((10, 4), "float32"))
    scaled = keras.Model(model.input, model.get_layer("normalization").output)
    np.testing.assert_allclose(scaled(np.full((1, 4), 4.0)), 1.0, rtol=1e-6)


def test_that_words_go_in_as_whole_numbers() -> None:
    graph = stack(("Embedding", {"input_dim": 9, "output_dim": 2}), ("Flatten", {}), ("Dense", {"units": 3}))
    assert build_model(graph, info((5,), integer=True)).input.dtype == "int32"


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (stack(("Conv2D", {})), "Conv2D needs pictures"),
        (stack(("Quantum", {})), "The layer must be one this program knows"),
        (stack(("Dense", {"units": 0})), "Units must be a whole number of at least 1"),
        (stack(("Dense", {"kernel_initializer": {"class_name": "get", "config": {}}})), "must be one of Keras's"),
        (
            stack(("Dense", {"kernel_initializer": {"class_name": "Constant", "config": {"value": [1]}}})),
            "numbers or words",
        ),
        (stack(("Dense", {"kernel_regularizer": {"class_name": "L2", "config": {"l3": 1}}})), "does not take these"),
        (Graph(), "must lead from the input to the output"),
    ],
)
def test_that_what_cannot_be_built_is_told_in_words(graph: Graph, words: str) -> None:
    with pytest.raises(Exception, match=words) as caught:
        build_model(graph, info((8,)))
    assert hasattr(caught.value, "hint")


def test_that_a_refused_layer_is_named() -> None:
    with pytest.raises(GraphError) as caught:
        build_model(stack(("Conv2D", {})), info((64,)))
    assert caught.value.received == "conv2d"
    assert caught.value.hint == "Insert a Reshape to 8×8×1."


def test_that_derived_seeds_are_the_same_for_ever() -> None:
    assert derived_seed(0, "dense", "kernel_initializer") == 310364798
