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


@pytest.mark.parametrize("name", WHOLE)
def test_that_every_published_model_is_written_and_read_as_one_block(name: str) -> None:
    for params in ({}, {"include_top": True, "classes": 5, "trainable": False}, {"prepare": False, "pooling": None}):
        graph = made.drawing(("input", "Input", {}), ("a", name, params, "input"), ("output", "Output", {}, "a"))
        text = model_script(graph, made.info((224, 224, 3)))
        again, problems = parse_script(text)
        assert f"a_model = keras.applications.{name}(" in text
        assert (problems, compare(graph, again).lines()) == ((), [])


def test_that_a_block_is_frozen_read_from_a_file_and_used_twice() -> None:
    params = {"weights": "file", "weights_file": "net.weights.h5", "freeze_until": "block_3_add"}
    graph = made.drawing(
        ("input", "Input", {}),
        ("thin", "Conv2D", {"filters": 3, "kernel_size": 1}, "input"),
        ("net", "MobileNetV2", params, "input"),
        ("again", "MobileNetV2", {**params, "shares": "net"}, "thin"),
        ("sum", "Add", {}, "net", "again"),
        ("output", "Output", {}, "sum"),
    )
    text = model_script(graph, made.info((32, 32, 3)))
    again, problems = parse_script(text)
    assert text.count("keras.applications.") == 1
    assert 'net_model.load_weights("net.weights.h5")' in text
    assert (problems, compare(graph, again).lines()) == ((), [])


def test_that_pictures_without_colours_are_not_prepared() -> None:
    graph = made.drawing(("input", "Input", {}), ("a", "VGG16", {}, "input"), ("output", "Output", {}, "a"))
    assert "flip" in model_script(graph, made.info((64, 64, 3)))
    assert "flip" not in model_script(graph, made.info((64, 64, 1)))
    assert "flip" not in model_script(graph, made.info((64, 64, 6)))


BASE = """
import keras
base = keras.applications.Xception(weights="imagenet", include_top=False, input_shape=(150, 150, 3))
base.trainable = False
x = keras.layers.GlobalAveragePooling2D()(base.output)
model = keras.Model(base.input, keras.layers.Dense(1)(x))
"""


def test_that_a_published_model_that_stands_alone_begins_the_drawing() -> None:
    graph, problems = parse_script(BASE)
    assert problems == ()
    assert [node.layer for node in graph.nodes] == ["Input", "Xception", "GlobalAveragePooling2D", "Dense", "Output"]
    assert graph.nodes[1].params == {"weights": "imagenet", "pooling": None, "prepare": False, "trainable": False}
    alone, problems = parse_script("from keras.applications import VGG16\nmodel = VGG16(weights=None)")
    assert problems == ()
    assert [node.layer for node in alone.nodes] == ["Input", "VGG16", "Output"]


def test_that_what_a_loop_over_a_block_does_otherwise_is_told() -> None:
    loop = "for layer in base.layers[:20]:\n    layer.trainable = False\n"
    graph, problems = parse_script(BASE.replace("base.trainable = False\n", loop))
    assert [problem.severity for problem in problems] == ["warning"]
    assert "what this loop sets" in problems[0].message
    assert len(graph.nodes) == 5
