"""The model's script: idiomatic, formatted, read back as the same drawing, and the same model in a fresh process."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.workbench.codegen import made
from workbench.codegen.model import model_script
from workbench.codegen.parse import parse_script
from workbench.core.errors import GraphError
from workbench.graph.diff import compare
from workbench.graph.model import Graph

DRAWINGS = {
    **{name: (graph, info) for name, graph, info in (*made.presets(), *made.made())},
    "shared": (made.shared(), made.info((6,))),
    "wide_and_deep": (made.wide_and_deep(), made.info((3,), features=("age", "height", "town"))),
}


def formatted(text: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff if ruff.exists() else shutil.which("ruff")), "format", "--isolated", "--line-length", "88", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", DRAWINGS)
def test_that_a_script_is_read_back_as_the_same_drawing(name: str) -> None:
    graph, info = DRAWINGS[name]
    again, problems = parse_script(model_script(graph, info))
    assert problems == ()
    assert compare(graph, again).lines() == []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.graphs())
def test_that_any_drawing_is_read_back_as_the_same_one(graph: Graph) -> None:
    text = model_script(graph, made.info((8, 8, 3)))
    again, problems = parse_script(text)
    assert problems == (), text
    # A name may hold letters that Python's and Keras's names may not.
    told = [change for change in compare(graph, again).changed if list(change.params) != ["name"]]
    found = compare(graph, again)
    assert (found.added, found.removed, tuple(told), found.moved) == ((), (), (), ()), text


def test_that_scripts_stand_as_the_formatter_would_put_them() -> None:
    text = "\n\n".join(model_script(*drawing) for drawing in DRAWINGS.values())
    pieces = [model_script(*drawing) for drawing in DRAWINGS.values()]
    assert [formatted(piece) for piece in pieces] == pieces
    assert max(len(line) for line in text.split("\n")) <= 88


def test_that_a_stack_is_sequential_and_a_graph_functional() -> None:
    scripts = {name: model_script(*drawing) for name, drawing in DRAWINGS.items()}
    assert "keras.Sequential(" in scripts["mlp"]
    assert "keras.Model(" not in scripts["mlp"]
    assert "keras.Model(inputs, output" in scripts["residual"]


def test_that_only_what_differs_from_keras_is_written() -> None:
    graph = made.drawing(
        ("input", "Input", {}),
        ("dense", "Dense", {"units": 3, "use_bias": True, "kernel_initializer": "glorot_uniform"}, "input"),
        ("output", "Output", {}, "dense"),
    )
    assert 'layers.Dense(3, name="dense")' in model_script(graph, made.info((6,)))


def test_that_repeated_blocks_become_one_function() -> None:
    text = model_script(*DRAWINGS["residual"])
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert [function.name for function in functions] == ["residual_block"]
    assert 'x = residual_block(x, filters=4, name="stage2")' in text
    assert "names[0]" in model_script(*DRAWINGS["numbered"])


def test_that_a_shared_layer_is_made_once() -> None:
    text = model_script(*DRAWINGS["shared"])
    assert text.count("layers.Dense(4") == 1
    assert "encode_again = encode_layer(right)" in text


def test_that_an_input_of_columns_says_which() -> None:
    text = model_script(*DRAWINGS["wide_and_deep"])
    assert 'COLUMNS = {"wide": ["age", "town"], "deep": ["height"]}' in text
    assert 'wide = keras.Input(shape=(2,), name="wide")' in text


def test_that_a_drawing_without_a_way_through_is_refused() -> None:
    with pytest.raises(GraphError):
        model_script(made.drawing(("input", "Input", {})), made.info((6,)))


def test_that_what_is_unknown_is_refused() -> None:
    graph = made.drawing(("input", "Input", {}), ("odd", "Nonesuch", {}, "input"), ("output", "Output", {}, "odd"))
    with pytest.raises(GraphError, match="Nonesuch"):
        model_script(graph, made.info((6,)))
