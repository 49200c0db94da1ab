"""What the clipboard may bring: whole, known layers with values they take, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.canvas.clip import FORMAT, from_text, to_text
from workbench.core.errors import GraphError
from workbench.graph.model import Graph, Link, Node


def text(**changes):
    node = {"id": "x", "layer": "Dense", "name": "dense", "params": {"units": 3}}
    return json.dumps({"format": FORMAT, "version": 1, "nodes": [node | changes], "links": []})


def test_that_layers_come_back_as_they_went():
    graph = Graph(
        nodes=(
            Node(id="a", layer="Conv2D", name="stem", params={"filters": 8, "kernel_size": [3, 5]}),
            Node(id="b", layer="ReLU", name="relu"),
        ),
        links=(Link(source="a", target="b"),),
    )
    assert from_text(to_text(graph)) == graph


@pytest.mark.parametrize(
    "received",
    [
        "",
        "hello",
        "{",
        FORMAT,
        json.dumps([FORMAT]),
        json.dumps({"format": FORMAT, "version": 2, "nodes": []}),
        json.dumps({"format": FORMAT, "version": 1, "nodes": []}),
        json.dumps({"format": FORMAT, "version": 1, "nodes": 7}),
        '{"format": "' + FORMAT + '", "nodes": ' + "[" * 100_000,
        text(layer="Lambda2"),
        text(layer="Output"),
        text(layer="os.system"),
        text(name="a/b"),
        text(name="a\nb"),
        text(params={"units": -1}),
        text(params={"unknown": 1}),
        text(params={"units": {"class_name": "x"}}),
        text(extra=1),
        json.dumps({"format": FORMAT, "version": 1, "nodes": [], "links": [{"source": "a", "target": "b"}]}),
    ],
)
def test_that_anything_else_is_refused_in_words(received):
    with pytest.raises(GraphError) as caught:
        from_text(received)
    assert caught.value.rule


def test_that_a_circle_is_refused():
    graph = Graph(
        nodes=(Node(id="a", layer="ReLU", name="a"), Node(id="b", layer="ReLU", name="b")),
        links=(Link(source="a", target="b"), Link(source="b", target="a")),
    )
    with pytest.raises(GraphError, match="circle"):
        from_text(to_text(graph))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_that_no_text_does_worse_than_a_refusal(value):
    record = {
        "format": FORMAT,
        "version": 1,
        "nodes": [{"id": "x", "layer": "Dense", "name": "d", "params": {"units": value}}],
    }
    try:
        graph = from_text(json.dumps(record))
    except GraphError:
        return
    assert isinstance(graph.nodes[0].params["units"], int)
