"""What layers learn from the training part before the training, and that no copy of them ever loses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from workbench.catalog import layers
from workbench.core.errors import GraphError
from workbench.data.spec import ArrayPreparation, DatasetInfo, Preparation, ValueTarget
from workbench.engine import adapt
from workbench.engine.build import build_model
from workbench.engine.export.saved_model import write
from workbench.engine.layers import make_layer
from workbench.graph import edits

TEXTS = np.array([["the cat sat"], ["the dog"], ["a cat"]])
WORDS = np.array([["cat"], ["dog"], ["cat"], ["bird"]])
NUMBERS = np.array([[7, 9], [7, 7], [30, 9]], dtype="int32")
MODES = {
    "TextVectorization": ("int", "multi_hot", "count", "tf_idf"),
    "StringLookup": ("int", "one_hot", "multi_hot", "count", "tf_idf"),
    "IntegerLookup": ("int", "multi_hot", "count", "tf_idf"),
}
DATA: dict[str, np.ndarray] = {"TextVectorization": TEXTS, "StringLookup": WORDS, "IntegerLookup": NUMBERS}


def learned(layer: str, params: dict[str, Any], values: np.ndarray) -> dict[str, Any]:
    return {**params, **adapt.learned(layer, params, [values])}


def test_that_the_layers_that_learn_beforehand_are_those_of_keras() -> None:
    known = {name for name in layers() if hasattr(getattr(keras.layers, name, None), "adapt")}
    assert known == set(adapt.STATE)


@pytest.mark.parametrize(("layer", "mode"), [(layer, mode) for layer, modes in MODES.items() for mode in modes])
def test_that_a_vocabulary_is_learned_and_kept_in_a_saved_and_an_exported_model(
    layer: str, mode: str, tmp_path: Path
) -> None:
    values = DATA[layer]
    params = learned(layer, {"output_mode": mode, "max_tokens": 12}, values)
    built = make_layer(layer, params, name="lookup", seed=0)
    data = tf.constant(values)
    entry = keras.Input(values.shape[1:], dtype=data.dtype.name)
    model = keras.Model(entry, built(entry))
    expected = np.asarray(model(data, training=False))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(np.asarray(again(data, training=False)), expected, atol=1e-6)
    model.export(tmp_path / "exported", verbose=False)
    served = tf.saved_model.load(tmp_path / "exported").serve(data)
    np.testing.assert_allclose(served, expected, atol=1e-6)


def test_that_a_learned_vocabulary_is_in_the_program_s_own_export(tmp_path: Path) -> None:
    prep = Preparation(
        input=ArrayPreparation(shape=(4,)), target=ValueTarget(kind="value", name="t", mean=0.0, std=1.0)
    )
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    info = DatasetInfo(title="t", kind="array", task="regression", input_shape=(4,), **sizes)
    graph = edits.blank()
    for layer, params in (
        ("Discretization", {"num_bins": 4, "output_mode": "int"}),
        ("IntegerLookup", {"max_tokens": 6}),
        ("Dense", {"units": 1}),
    ):
        graph, _ = edits.append(graph, layer, params)
    x = np.random.default_rng(0).random((40, 4), dtype="float32")
    model = build_model(graph, info, adapt=x)
    write(model, prep, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    served = loaded.signatures["serve"](prepared=tf.constant(x))["output"]
    np.testing.assert_allclose(served, model(x, training=False), atol=1e-6)


def test_that_what_is_learned_equals_what_keras_learns_itself() -> None:
    own = keras.layers.StringLookup(max_tokens=12)
    own.adapt(WORDS)
    ours = make_layer("StringLookup", learned("StringLookup", {"max_tokens": 12}, WORDS), name="x")
    np.testing.assert_array_equal(own(tf.constant(WORDS)), ours(tf.constant(WORDS)))
    weighed = keras.layers.TextVectorization(max_tokens=12, output_mode="tf_idf", pad_to_max_tokens=True)
    weighed.adapt(TEXTS)
    params = learned("TextVectorization", {"max_tokens": 12, "output_mode": "tf_idf"}, TEXTS)
    again = make_layer("TextVectorization", params, name="y")
    np.testing.assert_allclose(weighed(tf.constant(TEXTS)), again(tf.constant(TEXTS)), atol=1e-6)


def test_that_bins_are_filled_alike() -> None:
    values = np.random.default_rng(0).exponential(size=(400, 1)).astype("float32")
    params = learned("Discretization", {"num_bins": 4, "output_mode": "int"}, values)
    layer = make_layer("Discretization", params, name="bins")
    counts = np.bincount(np.asarray(layer(values)).ravel(), minlength=4)
    assert counts.min() > 80
    assert len(params["bin_boundaries"]) == 3


def test_that_the_size_is_the_same_before_and_after_learning() -> None:
    for layer, modes in MODES.items():
        for mode in modes:
            params = {"output_mode": mode, "max_tokens": 12}
            entry = keras.Input(DATA[layer].shape[1:], dtype=tf.constant(DATA[layer]).dtype.name)
            before = make_layer(layer, {**params, **adapt.stand_in(layer, params)}, name="x")(entry)
            after = make_layer(layer, learned(layer, params, DATA[layer]), name="x")(entry)
            assert before.shape == after.shape, (layer, mode)


def test_that_what_the_user_set_is_not_learned_over() -> None:
    params = {"vocabulary": ["a", "b"]}
    assert not adapt.unlearned("StringLookup", params)
    assert adapt.learned("StringLookup", params, [WORDS]) == {}
    assert adapt.stand_in("Discretization", {"bin_boundaries": [1.0]}) == {}


def test_that_data_without_a_word_are_told() -> None:
    with pytest.raises(GraphError, match="find something"):
        adapt.learned("TextVectorization", {"max_tokens": 5}, [np.array([[""]])])


def test_that_many_batches_give_the_same_statistics_as_one() -> None:
    values = np.random.default_rng(1).normal(3, 2, (50, 3))
    whole = adapt.statistics([values], -1)
    parts = adapt.statistics([values[:20], values[20:]], -1)
    np.testing.assert_allclose(whole["mean"], parts["mean"])
    np.testing.assert_allclose(whole["variance"], values.var(axis=0))
