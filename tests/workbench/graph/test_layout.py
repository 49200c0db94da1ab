"""Any graph laid out: straight where it can be, the same each time, fast."""

from __future__ import annotations

import random
import time

import pytest

from workbench.graph import edits, layout_parts
from workbench.graph.layout import positions
from workbench.graph.model import Graph, Link, Node


def residual(blocks: int) -> Graph:
    """A stack of blocks with a skip over each; the first of every three has a layer on its skip."""
    graph, last = Graph(), ""
    graph, last = edits.add(graph, "Input")
    for block in range(blocks):
        start = last
        for layer in ("Conv2D", "BatchNormalization", "ReLU", "Conv2D"):
            graph, node = edits.add(graph, layer)
            graph, last = edits.connect(graph, last, node), node
        if block % 3 == 0:
            graph, side = edits.add(graph, "Conv2D")
            graph, start = edits.connect(graph, start, side), side
        graph, merge = edits.add(graph, "Add")
        graph, last = edits.connect(edits.connect(graph, last, merge), start, merge), merge
    graph, output = edits.add(graph, "Output")
    return edits.connect(graph, last, output)


def tangled(size: int, reach: int) -> Graph:
    """Nodes linked at random to earlier ones."""
    draw = random.Random(size + reach)
    pairs: dict[tuple[int, int], None] = {}
    for number in range(1, size):
        pairs[draw.randrange(max(0, number - reach), number), number] = None
        if draw.random() < 0.3:
            pairs[draw.randrange(number), number] = None
    return Graph(
        nodes=tuple(Node(id=f"n{number}", layer="Add", name=f"n{number}") for number in range(size)),
        links=tuple(Link(source=f"n{source}", target=f"n{target}") for source, target in pairs),
    )


def test_that_the_main_way_is_straight() -> None:
    graph = residual(6)
    places = positions(graph)
    assert len([node.id for node in graph.nodes if places[node.id][0] == 0]) == len(graph.nodes) - 2


def test_that_left_to_right_is_the_same_drawing_turned() -> None:
    graph = residual(2)
    down, right = positions(graph), positions(graph, "right")
    by_down = sorted(graph.by_id, key=lambda node: down[node][1])
    assert by_down == sorted(graph.by_id, key=lambda node: right[node][0])
    assert len(set(right.values())) == len(graph.nodes)


def test_that_alike_branches_stand_on_both_sides() -> None:
    graph, start = edits.add(Graph(), "Input")
    graph, merge = edits.add(graph, "Concatenate")
    branches = []
    for _ in range(4):
        graph, node = edits.add(graph, "Conv2D")
        graph = edits.connect(edits.connect(graph, start, node), node, merge)
        branches.append(node)
    places = positions(graph)
    assert sum(places[node][0] for node in branches) == 0
    assert places[merge][0] == places[start][0] == 0


def test_that_a_circle_is_laid_out_as_if_it_were_open() -> None:
    graph = residual(1)
    first, last = graph.order[1], graph.order[-2]
    places = positions(graph.with_(links=(*graph.links, Link(source=last, target=first))))
    assert places == positions(graph)


def test_that_an_edit_at_the_end_moves_nothing_before_it() -> None:
    graph = residual(4)
    grown, _ = edits.insert_before(graph, graph.outputs[0].id, "Dense")
    before, after = positions(graph), positions(grown)
    assert all(after[node] == before[node] for node in graph.by_id if node != graph.outputs[0].id)


def test_that_a_part_that_was_laid_out_before_looks_as_if_it_were_the_first() -> None:
    layout_parts._places.cache_clear()
    graphs = [residual(4), tangled(50, 3), residual(6), edits.remove(residual(6), [residual(6).order[8]])]
    remembered = [positions(graph, way) for graph in graphs for way in ("down", "right")]
    anew = []
    for graph in graphs:
        for way in ("down", "right"):
            layout_parts._places.cache_clear()
            anew.append(positions(graph, way))
    assert remembered == anew


def test_that_an_edit_moves_nothing_aside_in_the_other_parts() -> None:
    graph = residual(6)
    fourth = graph.of_layer("Add")[3].id
    grown, extra = edits.insert_on_link(graph, graph.incoming[fourth][0], "ReLU")
    before, after = positions(graph), positions(grown)
    inside = {extra, fourth, *edits.downstream(graph, graph.of_layer("Add")[2].id)}
    assert all(after[node] == before[node] for node in graph.by_id if node not in inside)
    assert all(after[node][0] == before[node][0] for node in graph.by_id)


@pytest.mark.parametrize("graph", [residual(180), tangled(1000, 5)], ids=["residual", "tangled"])
def test_that_a_thousand_nodes_are_laid_out_at_once(graph: Graph) -> None:
    assert len(graph.nodes) >= 960
    start = time.perf_counter()
    positions(graph)
    assert time.perf_counter() - start < 3


def test_that_a_further_input_stands_beside_the_first_until_it_leads_somewhere() -> None:
    graph, _ = edits.append(edits.blank(), "Dense")
    graph, loose = edits.add(graph, "Input")
    graph, layer = edits.add(graph, "Dense")
    places = positions(graph)
    assert places[loose][1] == places["n1"][1] < places[layer][1]
    assert places[loose][0] != places["n1"][0]
