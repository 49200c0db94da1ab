"""Wires: what fits where, why not, and what linking and re-plugging leave behind."""

from __future__ import annotations

import pytest

from workbench.core.errors import GraphError
from workbench.graph import edits
from workbench.graph.model import Graph, Link


def drawing() -> Graph:
    """input - dense - dropout - output, and add and attention loose beside it."""
    graph = edits.blank()
    for layer in ("Dense", "Dropout"):
        graph, _ = edits.append(graph, layer)
    for layer in ("Add", "MultiHeadAttention"):
        graph, _ = edits.add(graph, layer)
    return graph


def at(graph: Graph, name: str) -> str:
    return next(node.id for node in graph.nodes if node.name == name)


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("dense", "input", "takes nothing"),
        ("output", "add", "Nothing follows"),
        ("dropout", "dense", "circle"),
        ("add", "add", "circle"),
        ("input", "dense", "linked already"),
    ],
)
def test_that_what_does_not_fit_says_why(source: str, target: str, words: str) -> None:
    graph = drawing()
    reason = edits.can_connect(graph, at(graph, source), at(graph, target))
    assert reason is not None
    assert words in reason
    with pytest.raises(GraphError):
        edits.plug(graph, at(graph, source), at(graph, target))


def test_that_an_input_that_is_not_there_is_named() -> None:
    graph = drawing()
    reason = edits.can_connect(graph, at(graph, "input"), at(graph, "multi_head_attention"), "mask")
    assert reason is not None
    assert "mask" in reason


def test_that_all_targets_and_sources_agree_with_each_pair() -> None:
    graph = drawing()
    for node in graph.nodes:
        for other, reason in edits.targets(graph, node.id).items():
            assert (reason is None) == (edits.can_connect(graph, node.id, other) is None)
        for other, reason in edits.sources(graph, node.id).items():
            assert (reason is None) == (edits.can_connect(graph, other, node.id) is None)


def test_that_a_link_into_a_taken_input_takes_its_place() -> None:
    graph = drawing()
    wired = edits.plug(graph, at(graph, "input"), at(graph, "dropout"))
    assert [link.source for link in wired.incoming[at(graph, "dropout")]] == [at(graph, "input")]


def test_that_a_layer_of_two_inputs_takes_no_third() -> None:
    graph, subtract = edits.add(drawing(), "Subtract")
    for name in ("input", "dense"):
        graph = edits.plug(graph, at(graph, name), subtract)
    assert "takes 2 inputs" in (edits.can_connect(graph, at(graph, "dropout"), subtract) or "")


def test_that_add_takes_links_in_their_order_and_replugging_keeps_it() -> None:
    graph = drawing()
    add = at(graph, "add")
    for name in ("input", "dense"):
        graph = edits.plug(graph, at(graph, name), add)
    graph = edits.replug(graph, graph.incoming[add][0], source=at(graph, "dropout"))
    assert [graph.by_id[link.source].name for link in graph.incoming[add]] == ["dropout", "dense"]


def test_that_links_fill_named_inputs_and_each_can_be_taken_away_alone() -> None:
    graph = drawing()
    node = at(graph, "multi_head_attention")
    for name in ("input", "dense", "dropout"):
        graph = edits.plug(graph, at(graph, name), node)
    assert [link.target_port for link in graph.incoming[node]] == ["query", "value", "key"]
    graph = edits.disconnect(graph, graph.incoming[node][1])
    assert [link.target_port for link in graph.incoming[node]] == ["query", "key"]


def test_that_one_layer_may_feed_two_named_inputs() -> None:
    graph = drawing()
    node = at(graph, "multi_head_attention")
    graph = edits.plug(graph, at(graph, "dense"), node, "query")
    graph = edits.plug(graph, at(graph, "dense"), node, "value")
    assert len(graph.incoming[node]) == 2


def test_that_old_links_without_a_port_keep_their_inputs_when_another_goes() -> None:
    graph = drawing()
    node = at(graph, "multi_head_attention")
    bare = [Link(source=at(graph, name), target=node) for name in ("input", "dense")]
    graph = graph.with_(links=(*graph.links, *bare))
    graph = edits.disconnect(graph, bare[0])
    assert [link.target_port for link in graph.incoming[node]] == ["value"]


def test_that_a_wires_end_goes_to_another_input() -> None:
    graph = drawing()
    node = at(graph, "multi_head_attention")
    graph = edits.plug(graph, at(graph, "dense"), node, "query")
    graph = edits.replug(graph, graph.incoming[node][0], target=node, port="key")
    assert [link.target_port for link in graph.incoming[node]] == ["key"]


def test_that_replugging_into_a_circle_is_refused() -> None:
    graph = drawing()
    with pytest.raises(GraphError, match="circle"):
        edits.replug(graph, graph.incoming[at(graph, "dense")][0], source=at(graph, "dropout"))
