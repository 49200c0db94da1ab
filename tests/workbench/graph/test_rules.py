"""The rules of a drawing that need no shape: each broken once, and mended by its own repair."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.catalog.losses import resolve_loss
from workbench.data.spec import DatasetInfo
from workbench.graph import edits
from workbench.graph.head import head
from workbench.graph.model import Graph, Link, Node
from workbench.graph.problems import Problem
from workbench.graph.rules import Sound, fit_head, problems


def info(classes: int = 10, **more: Any) -> DatasetInfo:
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    task = "classification" if classes else "regression"
    names = tuple(f"class {number}" for number in range(classes))
    return DatasetInfo(title="t", kind="table", task=task, input_shape=(8,), classes=names, **sizes, **more)


def stack(*layers: tuple[str, dict[str, Any]]) -> Graph:
    graph = edits.blank()
    for layer, params in layers:
        graph, _ = edits.append(graph, layer, params)
    return graph


def told(graph: Graph, data: DatasetInfo | None = None, loss: str = "auto") -> list[Problem]:
    data = data or info()
    return problems(graph, data, resolve_loss(loss, data))


def mended(graph: Graph, data: DatasetInfo | None = None, loss: str = "auto") -> Graph:
    """The drawing after every repair that is offered."""
    for _ in range(10):
        repair = next((problem.repair for problem in told(graph, data, loss) if problem.repair), None)
        if repair is None:
            return graph
        graph = edits.apply_repair(graph, repair)
    raise AssertionError("the repairs never end")


GOOD_HEAD = ("Dense", {"units": 10, "activation": "softmax"})


def test_that_a_fitting_stack_has_no_problem() -> None:
    assert told(stack(("Dense", {"units": 32, "activation": "relu"}), GOOD_HEAD)) == []


def test_that_a_project_without_data_is_told_to_pick_some() -> None:
    graph = edits.blank()
    found = problems(graph, None, None)
    assert [problem.message for problem in found] == ["No data are picked yet."]
    assert "Pick data" in found[0].hint


def test_that_an_empty_drawing_is_offered_a_head_that_fits() -> None:
    graph = mended(edits.blank())
    assert told(graph) == []
    assert head(graph).dense is not None


@pytest.mark.parametrize(
    ("classes", "loss", "units", "activation"),
    [
        (10, "auto", 10, "softmax"),
        (2, "auto", 2, "softmax"),
        (2, "binary_crossentropy", 1, "sigmoid"),
        (0, "auto", 1, "linear"),
        (0, "huber", 1, "linear"),
    ],
)
@pytest.mark.parametrize(
    "end",
    [
        (("Dense", {"units": 7}),),
        (("Dense", {"units": 7, "activation": "relu"}),),
        (("Dense", {"units": 7}), ("Activation", {"activation": "tanh"})),
        (("Dense", {"units": 7}), ("Dropout", {}), ("Softmax", {})),
        (("Dense", {"units": 7}), ("ReLU", {})),
    ],
)
def test_that_repairs_make_any_head_fit_any_task(
    end: tuple[tuple[str, dict[str, Any]], ...], classes: int, loss: str, units: int, activation: str
) -> None:
    data = info(classes)
    graph = mended(stack(("Dense", {"units": 32, "activation": "relu"}), *end), data, loss)
    assert [problem for problem in told(graph, data, loss) if problem.severity == "error"] == []
    assert head(graph).dense.params["units"] == units
    assert head(graph).activation in (activation, "relu" if activation == "linear" else activation)


@pytest.mark.parametrize(("classes", "units", "activation"), [(10, 10, "softmax"), (3, 3, "softmax"), (0, 1, "linear")])
def test_that_picking_data_fits_the_head_and_nothing_else(classes: int, units: int, activation: str) -> None:
    graph = stack(("Dense", {"units": 32, "activation": "relu"}), ("Dense", {"units": 99, "activation": "sigmoid"}))
    fitted = fit_head(graph, info(classes))
    assert head(fitted).dense.params["units"] == units
    assert head(fitted).activation == activation
    hidden = [node for node in fitted.nodes if node.params.get("units") == 32]
    assert hidden[0].params == {"units": 32, "activation": "relu"}
    assert fit_head(fitted, info(classes)) == fitted


def test_that_a_drawing_without_a_dense_is_left_as_it_is() -> None:
    graph = stack(("Flatten", {}))
    assert fit_head(graph, info()) == graph


def test_that_softmax_on_a_single_value_is_an_error_and_relu_a_warning() -> None:
    softmax = told(stack(("Dense", {"units": 1, "activation": "softmax"})), info(0))
    relu = told(stack(("Dense", {"units": 1, "activation": "relu"})), info(0))
    assert [problem.severity for problem in softmax] == ["error"]
    assert [problem.severity for problem in relu] == ["warning"]
    assert relu[0].message == "Values of any size are asked for, but relu lets through nothing below 0."


def test_that_an_unknown_layer_can_be_removed() -> None:
    graph = stack(("Quantum", {}), GOOD_HEAD)
    assert [problem.message for problem in told(graph)] == ["This program does not know a layer called Quantum."]
    assert told(mended(graph)) == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"units": 0}, "Units must be a whole number of at least 1. It is 0."),
        ({"units": "many"}, "Units must be a whole number of at least 1. It is 'many'."),
        ({"colour": "red"}, "Dense has no setting called 'colour'."),
        ({"activation": "os.system"}, "Activation must be one of relu, "),
    ],
)
def test_that_a_bad_setting_is_named_and_set_back(params: dict[str, Any], words: str) -> None:
    graph = stack(("Dense", params), GOOD_HEAD)
    found = told(graph)
    assert len(found) == 1
    assert found[0].message.startswith(words)
    assert told(mended(graph)) == []


def test_that_a_bad_setting_of_a_nested_layer_is_named() -> None:
    inner = {"layer": "LSTM", "params": {"units": -3}}
    found = told(stack(("Bidirectional", {"layer": inner}), GOOD_HEAD))
    assert found[0].message == "Inside, LSTM: Units must be a whole number of at least 1. It is -3."
    wrong = told(stack(("Bidirectional", {"layer": {"layer": "Dense", "params": {}}}), GOOD_HEAD))
    assert wrong[0].message == "Layer must be LSTM or GRU or SimpleRNN. It is Dense."


def test_that_a_loose_layer_is_offered_a_link() -> None:
    graph, loose = edits.add(stack(GOOD_HEAD), "Dense", {"units": 3})
    graph, free = edits.add(graph, "ReLU")
    found = {problem.node: problem for problem in told(graph)}
    assert found[loose].message == "Dense needs an input, but has none."
    assert found[loose].repair is not None
    assert found[loose].repair.label == "Link it to re_lu"
    assert found[free].severity == "error"


def test_that_a_branch_that_leads_nowhere_is_a_warning() -> None:
    graph = stack(GOOD_HEAD)
    graph, branch = edits.add(graph, "Dense", {"units": 3})
    graph = edits.connect(graph, graph.input.id, branch)
    found = told(graph)
    assert [(problem.node, problem.severity) for problem in found] == [(branch, "warning")]
    assert told(mended(graph)) == []


def test_that_a_merge_with_one_input_is_named() -> None:
    found = told(stack(("Add", {}), GOOD_HEAD))
    assert found[0].message == "Add needs at least 2 inputs, but has 1."


def test_that_two_links_into_a_dense_are_named() -> None:
    graph = stack(("Dense", {}), GOOD_HEAD)
    target = graph.output.id
    last = graph.incoming[target][0].source
    graph = edits.connect(graph, graph.input.id, last)
    assert told(graph)[0].message == "Dense takes at most 1 input, but gets 2."


def test_that_a_circle_is_named() -> None:
    nodes = [Node(id="i", layer="Input", name="input"), Node(id="o", layer="Output", name="output")]
    nodes += [Node(id="a", layer="Add", name="add"), Node(id="d", layer="Dense", name="dense", params=GOOD_HEAD[1])]
    links = [("i", "a"), ("d", "a"), ("a", "d"), ("d", "o")]
    graph = Graph(nodes=nodes, links=[Link(source=source, target=target) for source, target in links])
    assert told(graph)[0].message == "A network must not run in a circle, as it does through add, dense."


def test_that_a_missing_output_is_added_by_its_repair() -> None:
    whole = stack(GOOD_HEAD)
    graph = Graph(
        nodes=[node for node in whole.nodes if node.layer != "Output"],
        links=[link for link in whole.links if link.target != whole.output.id],
    )
    assert "The network has no output." in [problem.message for problem in told(graph)]
    assert told(mended(graph)) == []


def test_that_a_second_output_needs_what_the_first_needs() -> None:
    graph, second = edits.add(stack(GOOD_HEAD), "Output")
    assert [problem.message for problem in told(graph)] == ["Output needs an input, but has none."]
    linked = edits.connect(graph, graph.order[0], second)
    assert [problem.node for problem in told(linked)] == [second]
    assert told(mended(linked)) == []


def test_that_what_was_found_sound_before_hides_nothing() -> None:
    data = info()
    loss, sound = resolve_loss("auto", data), Sound()
    graph = stack(("Dense", {"units": 32}), ("Dense", {"units": 8}), ("ReLU", {}), GOOD_HEAD)
    second, third = graph.order[2], graph.order[3]
    drawings = [
        graph,
        edits.set_params(graph, second, {"units": -1}),
        edits.disconnect(graph, graph.incoming[third][0]),
        graph,
        edits.connect(graph, graph.order[1], third),
        edits.rename(graph, second, "other"),
        graph.with_(links=(*graph.links, Link(source=third, target=second))),
        edits.paste_shared(graph, edits.copied(graph, [second]))[0],
        edits.remove(graph, [second, third]),
    ]
    for drawing in drawings:
        assert problems(drawing, data, loss, sound) == problems(drawing, data, loss)
    assert any(problems(drawing, data, loss) for drawing in drawings)
