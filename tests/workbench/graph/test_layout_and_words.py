"""Where nodes are placed, and what they say of themselves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.graph import edits
from workbench.graph.describe import shape_words, summary
from workbench.graph.layout import ROW, positions
from workbench.graph.model import Graph, Node


def branching() -> Graph:
    graph, first = edits.append(edits.blank(), "Conv2D")
    graph, _ = edits.append(graph, "Conv2D")
    graph, merge = edits.append(graph, "Add")
    return edits.connect(graph, first, merge)


def test_that_a_stack_is_a_straight_line_downwards() -> None:
    graph = edits.blank()
    for _ in range(5):
        graph, _ = edits.append(graph, "Dense")
    places = positions(graph)
    assert {x for x, _ in places.values()} == {0.0}
    assert [places[node][1] for node in graph.order] == [ROW * depth for depth in range(7)]


def test_that_every_link_runs_downwards() -> None:
    graph = branching()
    places = positions(graph)
    assert all(places[link.source][1] < places[link.target][1] for link in graph.links)


def test_that_two_branches_stand_beside_one_another() -> None:
    graph = edits.blank()
    graph, left = edits.append(graph, "Dense")
    graph, merge = edits.append(graph, "Add")
    graph, right = edits.add(graph, "Dense")
    graph = edits.connect(edits.connect(graph, graph.input.id, right), right, merge)
    places = positions(graph)
    assert places[left][1] == places[right][1]
    assert places[left][0] == -places[right][0] != 0


def test_that_a_place_the_user_chose_is_kept() -> None:
    graph = branching()
    chosen = graph.order[2]
    assert positions(edits.place(graph, {chosen: (7.0, -3.0)}))[chosen] == (7.0, -3.0)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_that_no_two_nodes_of_any_drawing_share_a_place(pairs: list[tuple[int, int]]) -> None:
    graph, ids = Graph(), []
    for _ in range(12):
        graph, node = edits.add(graph, "Add")
        ids.append(node)
    for source, target in pairs:
        if source < target and ids[source] not in [link.source for link in graph.incoming[ids[target]]]:
            graph = edits.connect(graph, ids[source], ids[target])
    places = positions(graph)
    assert len(set(places.values())) == 12
    assert positions(graph) == places


@pytest.mark.parametrize(
    ("layer", "params", "words"),
    [
        ("Conv2D", {}, "32 filters 3×3"),
        ("Conv2D", {"filters": 8, "kernel_size": [3, 5], "activation": "relu"}, "8 filters 3×5 · relu"),
        ("Conv2D", {"padding": "same", "activation": "linear"}, "32 filters 3×3 · same"),
        ("Dense", {"units": 10, "activation": "softmax"}, "10 units · softmax"),
        ("LSTM", {"return_sequences": True}, "64 units · all steps"),
        ("LSTM", {}, "64 units"),
        ("Dense", {"units": 1, "activation": "sigmoid"}, "1 unit · sigmoid"),
        ("Conv2D", {"filters": 1, "kernel_size": 1}, "1 filter 1×1"),
        ("MultiHeadAttention", {"num_heads": 1, "key_dim": 16}, "1 head of 16"),
        ("MaxPooling2D", {}, "2×2"),
        ("Dropout", {"rate": 0.25}, "rate 0.25"),
        ("Bidirectional", {}, "LSTM 64 units · concat"),
        ("Reshape", {"target_shape": [8, 8, 1]}, "to 8×8×1"),
        ("RandomRotation", {"factor": [-0.1, 0.2]}, "factor -0.1 to 0.2"),
        ("Flatten", {}, ""),
        ("Quantum", {"spin": 1}, ""),
    ],
)
def test_that_a_node_says_what_matters(layer: str, params: dict[str, Any], words: str) -> None:
    assert summary(Node(id="n", layer=layer, name="n", params=params)) == words


def test_that_shapes_are_written_as_people_read_them() -> None:
    assert shape_words((28, 28, 1)) == "28×28×1"
    assert shape_words((None, 4)) == "?×4"
    assert shape_words(None) == ""
