"""Every layer of the catalogue as code, against Keras itself."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from tests.workbench.codegen import made
from workbench.catalog.layers import layers as catalogue
from workbench.codegen.arguments import layer_call, positional
from workbench.codegen.model import model_script
from workbench.codegen.parse import parse_script
from workbench.codegen.printer import flat, literal
from workbench.core.errors import GraphError
from workbench.graph.diff import compare

WHOLE = [name for name, spec in catalogue().items() if spec.category == "models"]
SINGLE = [name for name, spec in catalogue().items() if spec.category not in ("io", "models")]
# Made by the program's own hand, so that they keep a size or stay in the model; plain Keras in a script.
OWN = ("Lambda", "RandomCrop", "Equalization")
# The parts of these are named after the whole in the program.
HOLDING = ("layer", "backward_layer", "layers", "cell", "cells", "pad_to_max_tokens")


def test_that_every_layers_code_makes_what_the_program_makes() -> None:
    import keras

    from workbench.engine.layers import make_layer

    for name in SINGLE:
        if name in OWN:
            continue
        code = flat(layer_call(name, {}, literal("made")))
        ours = make_layer(name, {}, name="made").get_config()
        theirs = eval(code, {"layers": keras.layers, "keras": keras}).get_config()
        for config in (ours, theirs):
            for key in HOLDING:
                config.pop(key, None)
        assert str(theirs) == str(ours), code


def test_that_what_is_given_by_position_is_in_keras_order() -> None:
    import keras

    for name in SINGLE:
        signature = list(inspect.signature(getattr(keras.layers, name).__init__).parameters)[1:]
        places = positional(catalogue()[name])
        assert tuple(signature[: len(places)]) == places, name


@pytest.mark.parametrize("name", SINGLE)
def test_that_every_layer_is_read_back(name: str) -> None:
    spec = catalogue()[name]
    sources = ["input"] * max(1, spec.min_inputs)
    graph = made.drawing(("input", "Input", {}), ("a", name, {}, *sources), ("output", "Output", {}, "a"))
    again, problems = parse_script(model_script(graph, made.info()))
    assert problems == ()
    assert compare(graph, again).lines() == []


SET: list[tuple[str, dict[str, Any], str]] = [
    ("Lambda", {"function": "mean", "axis": 1}, "layers.Lambda(lambda tensor: keras.ops.mean(tensor, axis=1)"),
    ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [-1, 4]}, "output_shape=(None, 4)"),
    ("Discretization", {"bin_boundaries": 0.5}, "layers.Discretization(bin_boundaries=[0.5]"),
    ("IntegerLookup", {"vocabulary": [3, 5], "output_mode": "one_hot"}, "vocabulary=[3, 5]"),
    ("RNN", {"cell": {"layer": "GRUCell", "params": {"units": 3}}}, "layers.RNN(layers.GRUCell(3)"),
    ("Conv2D", {"filters": 2, "kernel_size": [1, 3], "trainable": False}, "layers.Conv2D(2, (1, 3), trainable=False"),
    (
        "MultiHeadAttention",
        {"num_heads": 2, "key_dim": 4, "use_causal_mask": True},
        ")(inputs, inputs, use_causal_mask=True)",
    ),
]


@pytest.mark.parametrize(("name", "params", "code"), SET, ids=[name for name, _, _ in SET])
def test_that_settings_are_written_as_keras_takes_them(name: str, params: dict[str, Any], code: str) -> None:
    graph = made.drawing(("input", "Input", {}), ("a", name, params, "input"), ("output", "Output", {}, "a"))
    text = model_script(graph, made.info((12, 5)))
    again, problems = parse_script(text)
    assert code in " ".join(text.split()).replace("( ", "(").replace(" )", ")")
    assert (problems, compare(graph, again).lines()) == ((), [])


def test_that_blocks_kept_whole_are_refused_in_words() -> None:
    graph = made.drawing(("input", "Input", {}), ("a", WHOLE[0], {}, "input"), ("output", "Output", {}, "a"))
    with pytest.raises(GraphError, match="single layers"):
        model_script(graph, made.info((32, 32, 3)))
