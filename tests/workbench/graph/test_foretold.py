"""What an edit would change, told before it is made."""

from __future__ import annotations

import pytest

from workbench.graph import edits
from workbench.graph.foretold import change
from workbench.graph.problems import Repair
from workbench.graph.repairs import repaired


@pytest.fixture
def graph():
    graph = edits.blank()
    graph, _ = edits.append(graph, "Conv2D", {"filters": 16})
    graph, _ = edits.append(graph, "Dense", {"units": 3})
    return graph


def node(graph, layer):
    return graph.of_layer(layer)[0].id


def told(graph, *repair, **args):
    return change(graph, repaired(graph, Repair("", *repair, args)))


def test_that_an_inserted_layer_is_told_with_its_sizes(graph):
    found = told(graph, "insert_before", node(graph, "Dense"), layer="Flatten")
    (new,) = found.added
    assert found.ends(new.id) == (node(graph, "Conv2D"), node(graph, "Dense"))
    assert found.words() == "Inserts Flatten before dense"
    shapes = {node(graph, "Conv2D"): (3, 3, 16), new.id: (144,)}
    assert found.words(shapes) == "Inserts Flatten before dense: 3×3×16 → 144"
    assert not found.linked
    assert not found.unlinked


def test_that_a_setting_is_told_with_what_it_was(graph):
    found = told(graph, "set_params", node(graph, "Dense"), params={"units": 10, "activation": "softmax"})
    assert found.words() == "Sets units of dense: 3 → 10; sets activation of dense: default → softmax"
    assert [one.words for one in found.settings] == ["units 3 → 10", "activation default → softmax"]


def test_that_a_layer_that_would_go_is_named_and_its_bypass_is_not(graph):
    found = told(graph, "remove", node(graph, "Dense"))
    assert found.words() == "Removes dense"
    assert found.added == ()


def test_that_a_new_line_and_a_lost_line_are_told():
    graph, dense = edits.add(edits.blank(), "Dense")
    assert change(graph, edits.connect(graph, "n1", dense)).words() == "Links input to dense"
    assert change(edits.connect(graph, "n1", dense), graph).words() == "Takes off the line from input to dense"


def test_that_an_end_is_added_without_a_place(graph):
    bare = graph.with_(nodes=graph.nodes[:1], links=())
    assert told(bare, "add_output", None).words() == "Adds the output"


def test_that_nothing_to_change_is_nothing_to_tell(graph):
    assert change(graph, graph).words() == ""
