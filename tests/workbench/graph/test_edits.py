"""Every edit keeps the drawing whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import GraphError
from workbench.graph import edits
from workbench.graph.model import Graph, Link
from workbench.graph.problems import Repair


def stack(*layers: str) -> Graph:
    graph = edits.blank()
    for layer in layers:
        graph, _ = edits.append(graph, layer)
    return graph


def names(graph: Graph) -> list[str]:
    return [graph.by_id[node].layer for node in graph.order]


def id_of(graph: Graph, name: str) -> str:
    return next(node.id for node in graph.nodes if node.name == name)


def test_that_layers_are_appended_between_the_ends() -> None:
    assert names(stack("Flatten", "Dense")) == ["Input", "Flatten", "Dense", "Output"]


def test_that_names_are_told_apart_the_way_keras_does() -> None:
    graph = stack("MaxPooling2D", "MaxPooling2D", "Conv2D")
    assert [node.name for node in graph.nodes[2:]] == ["max_pooling2d", "max_pooling2d_1", "conv2d"]


def test_that_a_layer_dropped_on_a_line_goes_between() -> None:
    graph = stack("Flatten", "Dense")
    link = graph.incoming[id_of(graph, "dense")][0]
    graph, _ = edits.insert_on_link(graph, link, "Dropout")
    assert names(graph) == ["Input", "Flatten", "Dropout", "Dense", "Output"]


def test_that_a_removed_layer_leaves_its_neighbours_linked() -> None:
    graph = stack("Flatten", "Dense", "Dropout")
    graph = edits.remove(graph, [id_of(graph, "flatten"), id_of(graph, "dropout")])
    assert names(graph) == ["Input", "Dense", "Output"]
    assert len(graph.links) == 2


def test_that_the_two_ends_cannot_be_removed() -> None:
    graph = stack("Dense")
    assert edits.remove(graph, [graph.nodes[0].id, graph.nodes[1].id]) == graph


def test_that_a_dragged_layer_changes_its_place_and_keeps_its_settings() -> None:
    graph = stack("Flatten", "Dense", "Dropout")
    graph = edits.set_params(graph, id_of(graph, "dropout"), {"rate": 0.3})
    link = graph.incoming[id_of(graph, "dense")][0]
    moved = edits.move(graph, [id_of(graph, "dropout")], link)
    assert names(moved) == ["Input", "Flatten", "Dropout", "Dense", "Output"]
    assert moved.by_id[id_of(graph, "dropout")].params == {"rate": 0.3}


def test_that_a_layer_dropped_on_its_own_line_stays() -> None:
    graph = stack("Flatten", "Dense")
    assert edits.move(graph, [id_of(graph, "dense")], graph.incoming[id_of(graph, "dense")][0]) == graph


def test_that_duplicates_follow_the_last_of_the_chosen() -> None:
    graph = stack("Dense", "Dropout", "Flatten")
    copy, new = edits.duplicate(graph, [id_of(graph, "dense"), id_of(graph, "dropout")])
    assert names(copy) == ["Input", "Dense", "Dropout", "Dense", "Dropout", "Flatten", "Output"]
    assert len(new) == 2


def test_that_pasted_layers_get_names_of_their_own() -> None:
    graph = stack("Dense")
    pasted, _ = edits.paste(graph, edits.copied(graph, [id_of(graph, "dense")]), None)
    assert [node.name for node in pasted.nodes if node.layer == "Dense"] == ["dense", "dense_1"]


def test_that_a_circle_is_refused() -> None:
    graph = stack("Dense", "Dropout")
    with pytest.raises(GraphError, match="circle"):
        edits.connect(graph, id_of(graph, "dropout"), id_of(graph, "dense"))


@pytest.mark.parametrize("name", ["", "  ", "a/b", "dropout", "a\nb"])
def test_that_a_name_keras_would_refuse_is_refused(name: str) -> None:
    graph = stack("Dense", "Dropout")
    with pytest.raises(GraphError):
        edits.rename(graph, id_of(graph, "dense"), name)


def test_that_a_parameter_can_be_cleared() -> None:
    graph = stack("Dense")
    node = id_of(graph, "dense")
    graph = edits.set_params(edits.set_params(graph, node, {"units": 3}), node, {"units": ...})
    assert graph.by_id[node].params == {}


def test_that_a_missing_output_is_added_behind_the_last_layer() -> None:
    graph = stack("Dense")
    output = graph.output
    assert output is not None
    bare = edits._without(graph, output.id)
    mended = edits.apply_repair(bare, Repair("Add an output", "add_output", None))
    assert names(mended) == ["Input", "Dense", "Output"]


def test_that_a_link_to_nowhere_is_no_graph() -> None:
    with pytest.raises(ValueError, match="missing node"):
        Graph(nodes=(), links=(Link(source="a", target="b"),))


@given(st.data())
def test_that_random_edits_keep_one_way_from_input_to_output(data: st.DataObject) -> None:
    graph = edits.blank()
    for _ in range(data.draw(st.integers(0, 15))):
        inner = [node.id for node in graph.nodes[2:]]
        edit = data.draw(st.sampled_from(["append", "insert", "remove", "move", "duplicate"]))
        if edit == "append" or not inner:
            graph, _ = edits.append(graph, data.draw(st.sampled_from(["Dense", "Dropout", "Flatten"])))
        elif edit == "insert":
            graph, _ = edits.insert_on_link(graph, data.draw(st.sampled_from(graph.links)), "ReLU")
        elif edit == "remove":
            graph = edits.remove(graph, data.draw(st.sets(st.sampled_from(inner))))
        elif edit == "move":
            graph = edits.move(graph, [data.draw(st.sampled_from(inner))], data.draw(st.sampled_from(graph.links)))
        elif len(inner) < 20:
            graph, _ = edits.duplicate(graph, [data.draw(st.sampled_from(inner))])
        assert len(graph.order) == len(graph.nodes)
        assert len(graph.links) == len(graph.nodes) - 1
        assert graph.by_id[graph.order[0]].layer == "Input"
        assert graph.by_id[graph.order[-1]].layer == "Output"
        assert Graph.model_validate(graph.model_dump(mode="json")) == graph
