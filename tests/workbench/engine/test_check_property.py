"""Random stacks, valid and broken: what the check says agrees with what Keras says when the model is built."""

from __future__ import annotations

from typing import Any

import keras
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.data.spec import DatasetInfo
from workbench.engine import shapes
from workbench.graph import edits
from workbench.graph.model import Graph

SIZES = st.integers(1, 6)
STRIDES = st.integers(1, 2)
SAME = st.sampled_from(["valid", "same"])


def layer(name: str, **params: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries(params))


LAYERS = st.one_of(
    layer("Dense", units=SIZES),
    layer("Conv1D", filters=SIZES, kernel_size=SIZES, padding=st.sampled_from(["valid", "same", "causal"])),
    layer("Conv2D", filters=SIZES, kernel_size=SIZES, strides=STRIDES, padding=SAME, groups=st.integers(1, 2)),
    layer("DepthwiseConv2D", kernel_size=SIZES, padding=SAME),
    layer("Conv2DTranspose", filters=SIZES, kernel_size=SIZES, strides=STRIDES, padding=SAME),
    layer("MaxPooling1D", pool_size=SIZES, padding=SAME),
    layer("MaxPooling2D", pool_size=SIZES, padding=SAME),
    layer("AveragePooling2D", pool_size=st.tuples(SIZES, SIZES).map(list)),
    layer("GlobalAveragePooling2D", keepdims=st.booleans()),
    layer("GlobalMaxPooling1D"),
    layer("Flatten"),
    layer("Reshape", target_shape=st.lists(st.sampled_from([-1, 1, 2, 4, 8]), min_size=1, max_size=3)),
    layer("Permute", dims=st.permutations([1, 2])),
    layer("RepeatVector", n=SIZES),
    layer("LSTM", units=SIZES, return_sequences=st.booleans()),
    layer("SimpleRNN", units=SIZES),
    layer("BatchNormalization"),
    layer("LayerNormalization"),
    layer("GroupNormalization", groups=st.integers(1, 4)),
    layer("Dropout"),
    layer("SpatialDropout2D"),
    layer("ZeroPadding2D", padding=st.integers(0, 2)),
    layer("Cropping1D", cropping=st.integers(0, 3)),
    layer("Cropping2D", cropping=st.integers(0, 3)),
    layer("UpSampling2D", size=st.integers(1, 2)),
    layer("Activation"),
    layer("PReLU"),
)
INPUTS = st.one_of(
    st.tuples(st.integers(1, 16)),
    st.tuples(SIZES, SIZES),
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4)),
)

SUGGESTED_RATES = {"Dropout": {"rate": 0.5}, "SpatialDropout2D": {"rate": 0.2}}


def built_by_keras(layers: list[tuple[str, dict[str, Any]]], shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """The output's shape by plain Keras, without any of this program; None where it cannot be built or is empty."""
    tensor = entry = keras.Input(shape)
    try:
        for name, params in layers:
            given = {key: tuple(value) if isinstance(value, list) else value for key, value in params.items()}
            if name in ("Dropout", "SpatialDropout2D", "Activation"):
                # Keras asks for these, and the catalogue suggests them.
                given |= {"activation": "relu"} if name == "Activation" else SUGGESTED_RATES[name]
            tensor = getattr(keras.layers, name)(**given)(tensor)
            if 0 in tensor.shape[1:]:
                return None
        return tuple(keras.Model(entry, tensor).output_shape[1:])
    except (ValueError, TypeError, IndexError, ZeroDivisionError):
        return None


@settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(INPUTS, st.lists(LAYERS, min_size=1, max_size=5))
def test_that_the_check_agrees_with_keras(shape: tuple[int, ...], layers: list[tuple[str, dict[str, Any]]]) -> None:
    graph: Graph = edits.blank()
    for name, params in layers:
        graph, _ = edits.append(graph, name, params)
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    data = DatasetInfo(title="t", kind="array", task="regression", input_shape=shape, **sizes)
    found = shapes.infer(graph, data)
    faults = [answer.error for answer in found.values() if answer.error]
    expected = built_by_keras(layers, shape)
    assert bool(faults) == (expected is None), faults
    if expected is not None:
        end = found[graph.output.id].output
        assert end is not None
        assert end.shape == expected
