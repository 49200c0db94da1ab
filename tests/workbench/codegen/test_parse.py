"""Scripts of people, read as drawings: what can be drawn is, what cannot is told with its line, nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.codegen.parse import parse_script
from workbench.codegen.values import LineProblem
from workbench.graph.model import Graph


def layers(graph: Graph) -> list[str]:
    return [node.layer for node in graph.nodes]


def named(graph: Graph, name: str) -> dict[str, object]:
    return next(node.params for node in graph.nodes if node.name == name)


def test_that_a_sequential_of_the_books_is_drawn() -> None:
    graph, problems = parse_script(
        """
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, Dense, Flatten, MaxPooling2D

model = Sequential()
model.add(Conv2D(32, (3, 3), 2, "same", activation="relu", input_shape=(28, 28, 1)))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(10, "softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.summary()
"""
    )
    assert problems == ()
    assert layers(graph) == ["Input", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Output"]
    assert [node.name for node in graph.nodes][1:5] == ["conv2d", "max_pooling2d", "flatten", "dense"]
    assert named(graph, "conv2d") == {
        "filters": 32,
        "kernel_size": 3,
        "strides": 2,
        "padding": "same",
        "activation": "relu",
    }
    assert named(graph, "dense") == {"units": 10, "activation": "softmax"}


def test_that_functions_and_loops_over_literals_are_followed() -> None:
    graph, problems = parse_script(
        """
import keras
from keras import layers

WIDTHS = [16, 16 * 2]

def block(x, width, *, name="block"):
    shortcut = x
    for step in range(2):
        x = layers.Dense(width, name=f"{name}_{step}")(x)
    if width > 16:
        shortcut = layers.Dense(width)(shortcut)
    return x + shortcut

def build():
    inputs = keras.Input((16,))
    x = inputs
    for number, width in enumerate(WIDTHS):
        x = block(x, width, name=f"part{number}")
    return keras.Model(inputs=inputs, outputs=layers.Dense(1)(x))

if __name__ == "__main__":
    build().fit()
"""
    )
    assert problems == ()
    assert layers(graph).count("Dense") == 6
    assert layers(graph).count("Add") == 2
    assert named(graph, "part1_0") == {"units": 32}


def test_that_calls_of_functions_become_groups() -> None:
    graph, _ = parse_script(
        """
import keras
def block(x, name):
    x = keras.layers.Dense(4)(x)
    return keras.layers.ReLU()(x)
inputs = keras.Input((4,))
model = keras.Model(inputs, block(block(inputs, name="one"), name="two"))
"""
    )
    assert [(group.name, len(group.nodes)) for group in graph.groups] == [("one", 2), ("two", 2)]


def test_that_models_in_models_and_shared_layers_are_drawn() -> None:
    graph, problems = parse_script(
        """
import keras
from keras import layers
encoder = keras.Sequential([layers.Dense(8, name="inner"), layers.ReLU(name="act")])
a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
model = keras.Model([a, b], layers.Dot(axes=1, name="dot")([encoder(a), encoder(b)]))
"""
    )
    assert problems == ()
    shares = [node for node in graph.nodes if node.shares]
    assert sorted(node.layer for node in shares) == ["Dense", "ReLU"]
    assert [node.name for node in graph.inputs] == ["a", "b"]


def test_that_a_functional_model_used_as_a_layer_is_drawn_in_its_place() -> None:
    graph, problems = parse_script(
        """
import keras
from keras import layers
start = keras.Input((4,))
inner = keras.Model(start, layers.Dense(3, name="deep")(start))
inputs = keras.Input((4,), name="data")
model = keras.Model(inputs, layers.Dense(1, name="answer")(inner(inputs)))
"""
    )
    assert problems == ()
    assert [node.layer for node in graph.nodes] == ["Input", "Dense", "Dense", "Output"]
    assert [node.name for node in graph.inputs] == ["data"]


def test_that_initializers_and_nested_layers_are_read() -> None:
    graph, problems = parse_script(
        """
import keras
model = keras.Sequential([
    keras.Input((5, 3)),
    keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True), merge_mode="sum", name="both"),
    keras.layers.Dense(2, activation=keras.activations.gelu, kernel_regularizer=keras.regularizers.l2(1e-4),
                       kernel_initializer=keras.initializers.RandomNormal(0.0, 0.1), name="dense"),
])
"""
    )
    assert problems == ()
    assert named(graph, "both")["layer"] == {"layer": "LSTM", "params": {"units": 4, "return_sequences": True}}
    dense = named(graph, "dense")
    assert dense["activation"] == "gelu"
    assert dense["kernel_initializer"] == {"class_name": "RandomNormal", "config": {"mean": 0.0, "stddev": 0.1}}
    assert dense["kernel_regularizer"] == {"class_name": "L2", "config": {"l2": 0.0001}}


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("x = keras.layers.Nonesuch(3)(x)", "Nonesuch"),
        ("x = keras.layers.Dense(width)(x)", "width"),
        ("x = keras.ops.erf(x)", "erf"),
        ("x = keras.layers.Dense(3, wings=2)(x)", "wings"),
        ("x = keras.layers.Dense(-3)(x)", "at least 1"),
        ("with open('file') as file: pass", "with"),
        ("x = keras.layers.Dense(3, 'relu', True, 'zeros', 'ones')(x)", "settings"),
        ("while True: pass", "while"),
        ("x = 2 ** 99999999", "large"),
    ],
)
def test_that_what_cannot_be_drawn_is_told_with_its_line(line: str, word: str) -> None:
    graph, problems = parse_script(
        f"import keras\ninputs = keras.Input((4,))\nx = keras.layers.Dense(8)(inputs)\ny = x\n{line}\n"
        "model = keras.Model(inputs, y)\n"
    )
    assert [(problem.line, word in problem.message) for problem in problems if isinstance(problem, LineProblem)] == [
        (5, True)
    ]
    assert [node.layer for node in graph.nodes][:2] == ["Input", "Dense"]


def test_that_nothing_is_ever_executed(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    _, problems = parse_script(
        f"""
import keras, os, pathlib
pathlib.Path({str(trace)!r}).write_text("run")
open({str(trace)!r}, "w").write("run")
__import__("os").system("touch {trace}")
model = keras.Sequential([keras.layers.Dense(eval("3"))])
"""
    )
    assert not trace.exists()
    assert {problem.line for problem in problems if isinstance(problem, LineProblem)} >= {3, 4, 5, 6}


@pytest.mark.parametrize(
    "text",
    [
        "", "def (", "x = " + "(" * 5000, "\x00", "import keras", "x = " + "-" * 100_000 + "1",
        "def f(x):\n    return f(x)\nf(1)", "x = [0]\nfor a in x: x.append(a)",
        "x = [1] * 10**9", "for a in range(999):\n  for b in range(999):\n    c = a",
    ],
    ids=range(10),
)  # fmt: skip
def test_that_no_text_breaks_the_reading(text: str) -> None:
    graph, problems = parse_script(text)
    assert graph == Graph()
    assert problems
