"""Two drawings compared: by name, then by what layers are and where they stand."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from tests.workbench.codegen import made
from workbench.graph.diff import compare
from workbench.graph.model import Graph, Link


def stack(*names: str, units: int = 4) -> Graph:
    parts = [("input", "Input", {})]
    for name in names:
        parts.append((name, "Dense", {"units": units}, parts[-1][0]))
    return made.drawing(*parts, ("output", "Output", {}, parts[-1][0]))


def test_that_a_drawing_does_not_differ_from_itself() -> None:
    assert not compare(made.attention(), made.attention())
    assert compare(made.attention(), made.attention()).lines() == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.graphs())
def test_that_ids_and_positions_do_not_count(graph: Graph) -> None:
    other = Graph(
        nodes=tuple(
            node.model_copy(
                update={"id": f"z{node.id}", "position": (1.0, 2.0), "shares": node.shares and f"z{node.shares}"}
            )
            for node in graph.nodes
        ),
        links=tuple(
            Link(source=f"z{link.source}", target=f"z{link.target}", target_port=link.target_port)
            for link in graph.links
        ),
    )
    assert not compare(graph, other)


def test_that_what_came_and_went_is_told() -> None:
    found = compare(stack("a", "b"), stack("a", "b", "c", units=4))
    assert [node.name for node in found.added] == ["c"]
    assert found.removed == ()
    assert found.lines() == ["+ c (Dense)", "> output (Output): fed by c, before by b"]
    back = compare(stack("a", "b", "c"), stack("a", "b"))
    assert [node.name for node in back.removed] == ["c"]


def test_that_a_changed_setting_is_told_with_old_and_new() -> None:
    found = compare(stack("a", units=4), stack("a", units=8))
    assert [(change.before.name, change.params) for change in found.changed] == [("a", {"units": (4, 8)})]
    assert found.lines() == ["~ a (Dense): units: 4 → 8"]


def test_that_a_default_that_is_set_is_no_change() -> None:
    before = made.drawing(("input", "Input", {}), ("a", "Dense", {"units": 64}, "input"), ("output", "Output", {}, "a"))
    after = made.drawing(
        ("input", "Input", {}), ("a", "Dense", {"use_bias": True}, "input"), ("output", "Output", {}, "a")
    )
    assert not compare(before, after)


def test_that_a_renamed_layer_is_found_by_its_place() -> None:
    found = compare(stack("a", "b", "c"), stack("a", "other", "c"))
    assert found.lines() == ["~ b (Dense): name: b → other"]


def test_that_another_class_under_the_same_name_is_a_change() -> None:
    before = made.drawing(("input", "Input", {}), ("a", "ReLU", {}, "input"), ("output", "Output", {}, "a"))
    after = made.drawing(("input", "Input", {}), ("a", "ELU", {}, "input"), ("output", "Output", {}, "a"))
    assert compare(before, after).lines() == ["~ a (ReLU): layer: ReLU → ELU"]


def test_that_the_order_of_inputs_counts() -> None:
    def joined(*sources: str) -> Graph:
        ends = [("a", "Dense", {"units": 2}, "input"), ("b", "Dense", {"units": 3}, "input")]
        return made.drawing(
            ("input", "Input", {}), *ends, ("join", "Concatenate", {}, *sources), ("output", "Output", {}, "join")
        )

    assert compare(joined("a", "b"), joined("b", "a")).lines() == ["> join (Concatenate): fed by b, a, before by a, b"]


def test_that_a_layer_that_shares_no_more_is_told() -> None:
    before = made.shared()
    after = before.with_(
        nodes=(
            node.model_copy(update={"shares": None, "params": {"units": 4, "activation": "tanh"}})
            if node.shares
            else node
            for node in before.nodes
        )
    )
    assert compare(before, after).lines() == ["~ encode_again (Dense): shares: encode → not set"]
