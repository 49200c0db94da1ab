"""Groups, copies, shared layers, comments and places; and that any run of edits keeps the drawing whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import GraphError, WorkbenchError
from workbench.core.history import History
from workbench.graph import edits, groups
from workbench.graph.edits_place import aligned, distributed, snapped
from workbench.graph.model import Graph, Link
from workbench.graph.ports import filled


def residual() -> Graph:
    """input - a - b - c - add - output, with a skip from a into add."""
    graph = edits.blank()
    ids = []
    for name in ("a", "b", "c"):
        graph, node = edits.append(graph, "Dense", {"units": 4})
        graph = edits.rename(graph, node, name)
        ids.append(node)
    graph, merge = edits.append(graph, "Add")
    return edits.connect(graph, ids[0], merge)


def at(graph: Graph, name: str) -> str:
    return next(node.id for node in graph.nodes if node.name == name)


def test_that_a_folded_group_is_one_node_with_the_wires_of_its_layers() -> None:
    graph = residual()
    graph, mark = groups.group(graph, [at(graph, "b"), at(graph, "c")], "body")
    shown = groups.shown(groups.fold(graph, [mark], True))
    (block,) = shown.folded
    assert [node.name for node in shown.graph.nodes] == ["input", "output", "a", "body", "add"]
    assert {(link.source, link.target) for link in shown.graph.links if block in (link.source, link.target)} == {
        (at(graph, "a"), block),
        (block, at(graph, "add")),
    }
    assert shown.members(block) == (at(graph, "b"), at(graph, "c"))
    assert groups.shown(groups.fold(graph, [mark], False)).graph == graph


def test_that_every_drawn_wire_knows_the_documents_links_behind_it() -> None:
    graph = residual()
    graph, mark = groups.group(graph, [at(graph, "a"), at(graph, "b"), at(graph, "c")])
    shown = groups.shown(groups.fold(graph, [mark], True))
    behind = [link for links in shown.links.values() for link in links]
    assert sorted(map(str, behind)) == sorted(str(link) for link in graph.links if shown.drawn(link) is not None)
    assert len(shown.graph.incoming[at(graph, "add")]) == 1


def test_that_a_node_is_in_one_group_and_ends_are_in_none() -> None:
    graph = residual()
    graph, first = groups.group(graph, [node.id for node in graph.nodes])
    assert graph.input is not None
    assert groups.group_of(graph, graph.input.id) is None
    graph, second = groups.group(graph, [at(graph, "b")])
    assert groups.group_of(graph, at(graph, "b")).id == second  # type: ignore[union-attr]
    assert groups.ungroup(graph, [first, second]).groups == ()
    with pytest.raises(GraphError):
        groups.group(graph, [graph.input.id])


def test_that_what_comes_between_two_layers_of_a_group_joins_it() -> None:
    graph = residual()
    a, b, c, merge = (at(graph, name) for name in ("a", "b", "c", "add"))
    graph, _ = groups.group(graph, [b, c], "body")
    inside, outside = Link(source=b, target=c), Link(source=a, target=b)

    def members(changed: Graph) -> set[str]:
        return {changed.by_id[node].name for node in changed.groups[0].nodes}

    assert members(edits.insert_on_link(graph, inside, "ReLU")[0]) == {"b", "c", "re_lu"}
    assert members(edits.insert_after(graph, b, "ReLU")[0]) == {"b", "c", "re_lu"}
    assert members(edits.insert_before(graph, c, "ReLU")[0]) == {"b", "c", "re_lu"}
    assert members(edits.paste_on_link(graph, edits.copied(graph, [a]), inside)[0]) == {"b", "c", "a_1"}
    assert members(edits.paste(graph, edits.copied(graph, [a]), b)[0]) == {"b", "c", "a_1"}
    # At its edges, and for what is a group of its own, it stays as it was.
    assert members(edits.insert_on_link(graph, outside, "ReLU")[0]) == {"b", "c"}
    assert members(edits.insert_after(graph, c, "ReLU")[0]) == {"b", "c"}
    two = edits.paste_on_link(graph, edits.copied(graph, [b, c]), inside)[0]
    assert [len(group.nodes) for group in two.groups] == [2, 2]
    loose, drop = edits.insert_on_link(graph, Link(source=c, target=merge), "Dropout")
    assert members(edits.move(loose, [drop], inside)) == {"b", "c", "dropout"}
    moved = edits.move(groups.group(loose, [drop, a], "other")[0], [drop], inside)
    assert {group.name: len(group.nodes) for group in moved.groups} == {"body": 3, "other": 1}


def test_that_group_names_are_told_apart() -> None:
    graph = residual()
    graph, first = groups.group(graph, [at(graph, "a")], "block")
    graph, second = groups.group(graph, [at(graph, "b")], "block")
    assert [group.name for group in graph.groups] == ["block", "block_1"]
    with pytest.raises(GraphError):
        groups.rename_group(graph, second, "block")
    assert groups.rename_group(graph, first, "stem").groups[0].name == "stem"


def test_that_a_folded_group_moves_with_its_layers_as_they_stand() -> None:
    graph = edits.place(residual(), {node.id: (8.0, 100.0 * row) for row, node in enumerate(residual().nodes)})
    graph, _ = groups.group(graph, [at(graph, "a"), at(graph, "b")])
    places = groups.moved_group(graph, graph.groups[0], (50.0, 0.0))
    first, second = places[at(graph, "a")], places[at(graph, "b")]
    assert (first[0], second[1] - first[1]) == (50.0, 100.0)


def test_that_a_block_with_a_skip_repeats_with_its_skip() -> None:
    graph = residual()
    block = [at(graph, name) for name in ("a", "b", "c", "add")]
    graph = groups.group(graph, block[1:])[0]
    graph, new = edits.repeat(graph, block[1:], 3)
    assert len(new) == 6
    assert [group.name for group in graph.groups] == ["block", "block_1", "block_2"]
    merges = [node for node in graph.nodes if node.layer == "Add"]
    assert all(len(graph.incoming[node.id]) == 2 for node in merges)
    assert len(graph.order) == len(graph.nodes)
    assert graph.output is not None
    assert graph.incoming[graph.output.id][0].source == merges[-1].id


@pytest.mark.parametrize("times", [1, 101])
def test_that_a_senseless_number_of_repeats_is_refused(times: int) -> None:
    graph = residual()
    with pytest.raises(GraphError):
        edits.repeat(graph, [at(graph, "a")], times)


def test_that_what_has_two_ways_out_is_pasted_loose() -> None:
    graph = residual()
    graph, extra = edits.add(graph, "Dense")
    graph = edits.plug(graph, at(graph, "a"), extra)
    grown, new = edits.paste(graph, edits.copied(graph, [at(graph, "a"), at(graph, "b"), extra]), None)
    assert len(new) == 3
    assert len(grown.links) == len(graph.links) + 2


def test_that_attention_pasted_into_a_stack_gets_a_query() -> None:
    graph, node = edits.append(residual(), "MultiHeadAttention")
    grown, (new,) = edits.duplicate(graph, [node])
    assert filled(grown, new)["query"]


def test_that_a_shared_copy_has_the_settings_of_the_first_for_good() -> None:
    graph = residual()
    first = at(graph, "b")
    graph, (second,) = edits.paste_shared(graph, edits.copied(graph, [first]))
    assert graph.by_id[second].shares == first
    graph = edits.set_params(graph, second, {"units": 9})
    assert graph.by_id[first].params == graph.by_id[second].params == {"units": 9}


def test_that_sharing_goes_on_when_the_first_is_taken_away() -> None:
    graph = residual()
    clip = edits.copied(graph, [at(graph, "b")])
    graph, (second,) = edits.paste_shared(graph, clip)
    graph, (third,) = edits.paste_shared(graph, clip)
    graph = edits.remove(graph, [at(graph, "b")])
    assert graph.by_id[second].shares is None
    assert graph.by_id[third].shares == second


def test_that_a_strangers_layer_cannot_be_shared() -> None:
    with pytest.raises(GraphError):
        edits.paste_shared(edits.blank(), edits.copied(residual(), [at(residual(), "b")]))


def test_that_one_of_several_inputs_can_be_taken_away_but_not_the_last() -> None:
    graph, second = edits.add(edits.blank(), "Input")
    graph = edits.remove(graph, [second])
    assert len(graph.inputs) == 1
    assert edits.remove(graph, [graph.inputs[0].id]) == graph


def test_that_a_comment_is_written_changed_moved_and_taken_away() -> None:
    graph, mark = edits.add_comment(edits.blank(), " why ", (1.0, 2.0))
    assert graph.comments[0].text == "why"
    graph = edits.move_comments(edits.set_comment(graph, mark, "because"), {mark: (5.0, 6.0)})
    assert (graph.comments[0].text, graph.comments[0].position) == ("because", (5.0, 6.0))
    assert edits.set_comment(graph, mark, "  ").comments == ()
    with pytest.raises(GraphError):
        edits.set_comment(graph, mark, "x" * 5000)


def test_that_nodes_are_brought_in_line_and_spread_out() -> None:
    places = {"a": (0.0, 0.0), "b": (10.0, 300.0), "c": (40.0, 500.0)}
    assert {point[0] for point in aligned(places, "right").values()} == {40.0}
    assert {point[0] for point in aligned(places, "centre").values()} == {20.0}
    assert [point[1] for point in distributed(places, across=False).values()] == [0.0, 250.0, 500.0]
    near = {"a": (0.0, 0.0), "b": (0.0, 10.0), "c": (0.0, 20.0)}
    assert [point[1] for point in distributed(near, across=False).values()] == [0.0, 72.0, 144.0]


def test_that_a_carried_node_snaps_to_a_neighbour_and_else_to_the_grid() -> None:
    snap = snapped((103.0, 50.0), [(100.0, 400.0)], 6.0)
    assert snap.way == (-3.0, -2.0)
    assert snap.upright == 210.0
    assert snap.level is None


LAYERS = ("Dense", "Add", "MultiHeadAttention", "Input", "Output", "ReLU")


class Hands:
    """Edits of every kind, with what hypothesis draws."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.kinds = [name for name in vars(Hands) if not name.startswith("_") and name not in ("nodes", "one", "link")]

    def nodes(self, graph: Graph, most: int = 4) -> list[str]:
        ids = st.sampled_from([node.id for node in graph.nodes])
        return sorted(self.data.draw(st.sets(ids, min_size=1, max_size=most)))

    def one(self, graph: Graph) -> str:
        return self.nodes(graph, 1)[0]

    def link(self, graph: Graph) -> Link:
        if not graph.links:
            raise GraphError("There is no line.")
        return self.data.draw(st.sampled_from(graph.links))

    def plug(self, graph: Graph) -> Graph:
        return edits.plug(graph, self.one(graph), self.one(graph))

    def replug_target(self, graph: Graph) -> Graph:
        return edits.replug(graph, self.link(graph), target=self.one(graph))

    def replug_source(self, graph: Graph) -> Graph:
        return edits.replug(graph, self.link(graph), source=self.one(graph))

    def disconnect(self, graph: Graph) -> Graph:
        return edits.disconnect(graph, self.link(graph))

    def group(self, graph: Graph) -> Graph:
        return groups.group(graph, self.nodes(graph))[0]

    def fold(self, graph: Graph) -> Graph:
        return groups.fold(graph, [group.id for group in graph.groups], self.data.draw(st.booleans()))

    def ungroup(self, graph: Graph) -> Graph:
        return groups.ungroup(graph, [group.id for group in graph.groups[:1]])

    def add(self, graph: Graph) -> Graph:
        return edits.add(graph, self.data.draw(st.sampled_from(LAYERS)))[0]

    def remove(self, graph: Graph) -> Graph:
        return edits.remove(graph, self.nodes(graph))

    def duplicate(self, graph: Graph) -> Graph:
        return edits.duplicate(graph, self.nodes(graph))[0] if len(graph.nodes) < 30 else graph

    def share(self, graph: Graph) -> Graph:
        clip = edits.copied(graph, self.nodes(graph))
        return edits.paste_shared(graph, clip)[0] if len(graph.nodes) < 30 else graph

    def repeat(self, graph: Graph) -> Graph:
        return edits.repeat(graph, self.nodes(graph), 2)[0] if len(graph.nodes) < 30 else graph

    def comment(self, graph: Graph) -> Graph:
        return edits.add_comment(graph, "words", (0.0, 0.0))[0]

    def place(self, graph: Graph) -> Graph:
        return edits.place(graph, dict.fromkeys(self.nodes(graph), (1.0, 2.0)))


@given(st.data())
def test_that_any_run_of_edits_can_be_undone_and_redone_and_is_valid_throughout(data: st.DataObject) -> None:
    history, hands = History(residual()), Hands(data)
    first = history.document
    for kind in data.draw(st.lists(st.sampled_from(hands.kinds), max_size=12)):
        try:
            after = getattr(hands, kind)(history.document)
        except WorkbenchError:
            continue
        assert Graph.model_validate(after.model_dump(mode="json")) == after
        assert len(after.order) == len(after.nodes), "no edit closes a circle"
        shown = groups.shown(after)
        assert {shown.visible(node.id) for node in after.nodes} == shown.graph.by_id.keys()
        history.push("edit", after)
    last = history.document
    while history.undo() is not None:
        pass
    assert history.document == first
    while history.redo() is not None:
        pass
    assert history.document == last
