"""The sum behind a parameter count is the one that Keras has."""

from __future__ import annotations

import pytest

from workbench.data.spec import DatasetInfo
from workbench.engine.check import check
from workbench.graph import edits
from workbench.graph.why import parameter_sum
from workbench.project.model import Project

PICTURE, SERIES = (9, 9, 32), (12, 6)
CASES = [
    ("Conv2D", {"filters": 64, "kernel_size": 3}, PICTURE, "3·3·32·64 + 64 = 18,496"),
    ("Conv2D", {"filters": 64, "kernel_size": [3, 5], "use_bias": False, "groups": 2}, PICTURE, "3·5·16·64 = 15,360"),
    ("Conv1D", {"filters": 8, "kernel_size": 3}, SERIES, "3·6·8 + 8 = 152"),
    ("Conv2DTranspose", {"filters": 4, "kernel_size": 2}, PICTURE, "2·2·32·4 + 4 = 516"),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2}, PICTURE, "3·3·32·2 + 64 = 640"),
    ("SeparableConv2D", {"filters": 10, "kernel_size": 3}, PICTURE, "3·3·32 + 32·10 + 10 = 618"),
    ("Dense", {"units": 10}, (64,), "64·10 + 10 = 650"),
    ("Dense", {"units": 10, "use_bias": False}, (64,), "64·10 = 640"),
    ("BatchNormalization", {}, PICTURE, "4·32 = 128"),
    ("LayerNormalization", {"center": False}, PICTURE, "32 = 32"),
    ("SimpleRNN", {"units": 5}, SERIES, "6·5 + 5·5 + 5 = 60"),
    ("LSTM", {"units": 5}, SERIES, "4·6·5 + 4·5·5 + 4·5 = 240"),
    ("GRU", {"units": 5}, SERIES, "3·6·5 + 3·5·5 + 2·3·5 = 195"),
    (
        "Bidirectional",
        {"layer": {"layer": "LSTM", "params": {"units": 5}}},
        SERIES,
        "2·4·6·5 + 2·4·5·5 + 2·4·5 = 480",
    ),
    (
        "MultiHeadAttention",
        {"num_heads": 2, "key_dim": 3},
        SERIES,
        "2·6·2·3 + 6·2·3 + 2·3·6 + 2·2·3 + 2·3 + 6 = 168",
    ),
]


@pytest.mark.parametrize(("layer", "params", "shape", "words"), CASES)
def test_that_the_sum_is_the_one_that_keras_has(layer, params, shape, words):
    info = DatasetInfo(
        title="Any",
        kind="array",
        task="regression",
        input_shape=shape,
        samples=3,
        train_samples=1,
        validation_samples=1,
        test_samples=1,
    )
    graph, node = edits.append(edits.blank(), layer, params)
    counted = check(Project(info=info, graph=graph)).by_id[node].params
    assert parameter_sum(layer, params, shape, counted) == words


def test_that_a_sum_that_does_not_add_up_is_not_told():
    assert parameter_sum("Dense", {"units": 10}, (64,), 651) == ""
    assert parameter_sum("Dense", {"units": "many"}, (64,), 650) == ""
    assert parameter_sum("Flatten", {}, (64,), 5) == ""
    assert parameter_sum("Dense", {"units": 10}, (None,), 650) == ""
