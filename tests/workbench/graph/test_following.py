"""A drawing that follows an edited script keeps what is the same."""

from __future__ import annotations

from workbench.graph import edits
from workbench.graph.following import followed
from workbench.graph.groups import group


def drawing():
    graph = edits.blank()
    graph, first = edits.append(graph, "Dense", {"units": 8})
    graph, second = edits.append(graph, "Dense", {"units": 4})
    graph = edits.place(graph, {first: (10.0, 20.0)})
    return group(graph, [first, second], "head")[0], first, second


def renumbered(graph):
    """The same drawing with ids of its own, without places and groups, as a script gives it."""
    new = {node.id: f"x{node.id}" for node in graph.nodes}
    bare = graph.with_(groups=())
    nodes = [node.model_copy(update={"id": new[node.id], "position": None}) for node in bare.nodes]
    links = [link.model_copy(update={"source": new[link.source], "target": new[link.target]}) for link in bare.links]
    return type(graph)(nodes=tuple(nodes), links=tuple(links))


def test_that_the_same_script_changes_nothing():
    graph, *_ = drawing()
    assert followed(graph, renumbered(graph)) is graph


def test_that_a_changed_setting_keeps_id_place_and_group():
    graph, first, _second = drawing()
    after = followed(graph, renumbered(edits.set_params(graph, first, {"units": 16})))
    assert after.by_id[first].params["units"] == 16
    assert after.by_id[first].position == (10.0, 20.0)
    assert after.groups == graph.groups
    assert after.links == graph.links


def test_that_a_new_layer_gets_a_free_id_and_a_lost_one_goes():
    graph, _first, second = drawing()
    wanted, _ = edits.insert_before(edits.remove(graph, [second]), graph.output.id, "Dropout", {"rate": 0.5})
    after = followed(graph, renumbered(wanted))
    assert second not in after.by_id
    (new,) = after.of_layer("Dropout")
    assert new.id not in graph.by_id
    assert [node.layer for node in (after.by_id[node] for node in after.order)] == [
        "Input",
        "Dense",
        "Dropout",
        "Output",
    ]


def test_that_what_leads_nowhere_stays_where_it_is():
    graph, first, second = drawing()
    loose, extra = edits.add(graph, "Dropout")
    loose = edits.connect(loose, first, extra)
    read = renumbered(edits.set_params(graph, second, {"units": 5}))
    after = followed(loose, read)
    assert extra in after.by_id
    assert after.incoming[extra][0].source == first
