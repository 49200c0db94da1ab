"""Drawings that are no stack, broken in each way: named in plain words, mended by the repair that is offered."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from workbench.core.errors import FileError, GraphError
from workbench.data.spec import ColumnInfo, DatasetInfo
from workbench.engine.build import build_model
from workbench.engine.check import CheckReport, check
from workbench.graph.model import Graph, Link, Node
from workbench.graph.repairs import repaired
from workbench.project.model import Project
from workbench.project.training import TrainingSettings


def info(shape: tuple[int, ...], **more: Any) -> DatasetInfo:
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    return DatasetInfo(title="t", task="regression", input_shape=shape, **{"kind": "array", **sizes, **more})


def drawn(links: str, **nodes: Any) -> Graph:
    """A drawing with an input and an output; links as "a>b a>c:key", nodes as a layer, or (layer, parameters)."""
    ends = {"input": "Input", "output": "Output"}
    made = []
    for name, given in {**ends, **nodes}.items():
        layer, params = given if isinstance(given, tuple) else (given, {})
        shares = params.pop("shares", None)
        made.append(Node(id=name, layer=layer, name=name, params=params, shares=shares))
    pairs = [pair.replace(":", ">").split(">") for pair in links.split()]
    return Graph(
        nodes=tuple(made),
        links=tuple(Link(source=a, target=b, target_port=port[0] if port else "input") for a, b, *port in pairs),
    )


def conv(filters: int, **params: Any) -> tuple[str, dict[str, Any]]:
    return "Conv2D", {"filters": filters, **params}


END = {"flat": "GlobalAveragePooling2D", "head": ("Dense", {"units": 1})}


def told(graph: Graph, data: DatasetInfo, **settings: Any) -> CheckReport:
    return check(Project(graph=graph, info=data, training=TrainingSettings(**settings)))


def mended(graph: Graph, data: DatasetInfo) -> Graph:
    """The drawing after every repair of an error, which is then as Keras takes it."""
    for _ in range(8):
        errors = [problem for problem in told(graph, data).problems if problem.severity == "error"]
        if not errors:
            build_model(graph, data)
            return graph
        assert errors[0].repair is not None, errors[0]
        graph = repaired(graph, errors[0].repair)
    raise AssertionError("the repairs never end")


MERGES: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "channels": (
        "input>a input>b a>add b>add add>flat flat>head head>output",
        {"a": conv(8), "b": conv(16), "add": "Add"},
        "Add needs inputs of one shape, but gets 14×14×8 and 14×14×16.",
        "Insert a Conv2D with 16 filters of size 1",
    ),
    "strides": (
        "input>add input>b b>add add>flat flat>head head>output",
        {"b": conv(16, strides=2, padding="same"), "add": "Add"},
        "Add needs inputs of one shape, but gets 16×16×3 and 8×8×16.",
        "Insert a Conv2D with 16 filters of size 1 and strides 2",
    ),
    "padding": (
        "input>a a>add a>b b>c c>add add>flat flat>head head>output",
        {"a": conv(4), "b": conv(4), "c": conv(4, kernel_size=5), "add": "Multiply"},
        "Multiply needs inputs of one shape, but gets 14×14×4 and 8×8×4.",
        "Set the padding to same in 2 layers",
    ),
    "concatenate": (
        "input>a input>b a>both b>both both>flat flat>head head>output",
        {"a": conv(4, padding="same"), "b": ("MaxPooling2D", {}), "both": "Concatenate"},
        "Concatenate needs inputs alike in all axes but one, but gets 16×16×4 and 8×8×3.",
        "Insert a MaxPooling2D",
    ),
    "concatenate after a window": (
        "input>a input>b a>both b>both both>flat flat>head head>output",
        {"a": conv(4, padding="same"), "b": conv(5), "both": "Concatenate"},
        "Concatenate needs inputs alike in all axes but one, but gets 16×16×4 and 14×14×5.",
        "Set the padding of b to same",
    ),
    "vector": (
        "input>a input>b a>both b>both both>head head>output",
        {"a": ("GlobalMaxPooling2D", {}), "b": conv(5), "both": "Concatenate"},
        "Concatenate needs inputs alike in all axes but one, but gets 3 and 14×14×5.",
        "Insert a GlobalAveragePooling2D",
    ),
}


@pytest.mark.parametrize("case", MERGES)
def test_that_the_sides_of_a_merge_are_brought_together(case: str) -> None:
    links, nodes, message, repair = MERGES[case]
    end = {name: layer for name, layer in END.items() if f">{name}" in links}
    graph = drawn(links, **nodes, **end)
    problem = next(one for one in told(graph, info((16, 16, 3))).problems if one.severity == "error")
    assert problem.message == message
    assert problem.repair is not None
    assert problem.repair.label.startswith(repair)
    mended(graph, info((16, 16, 3)))


def test_that_plain_numbers_of_two_widths_are_brought_together_by_a_dense() -> None:
    graph = drawn(
        "input>a input>b a>add b>add add>head head>output",
        a=("Dense", {"units": 4}),
        b=("Dense", {"units": 6}),
        add="Average",
        head=("Dense", {"units": 1}),
    )
    assert "insert" not in mended(graph, info((5,))).by_id
    assert told(graph, info((5,))).problems[0].repair.label == "Insert a Dense with 6 units"  # type: ignore[union-attr]


def test_that_a_circle_is_named_and_its_newest_link_taken_away() -> None:
    graph = drawn(
        "input>a a>b b>c c>head head>output c>a",
        a="Add",
        b=("Dense", {"units": 3}),
        c=("Dense", {"units": 3}),
        head=("Dense", {"units": 1}),
    )
    problem = told(graph, info((3,))).problems[0]
    assert problem.message == "A network must not run in a circle, as it does through a, b, c."
    assert problem.repair is not None
    assert problem.repair.label == "Take the link from c to a away"
    assert repaired(graph, problem.repair).links == graph.links[:-1]


ATTENTION = ("MultiHeadAttention", {"num_heads": 2, "key_dim": 4})


@pytest.mark.parametrize(
    ("links", "fault"),
    [
        ("input>mha", ""),
        ("input>mha:query a>mha:value", ""),
        ("a>mha:value input>mha:query a>mha:key", ""),
        ("input>mha:query a>mha:key", "MultiHeadAttention has nothing linked to its value."),
        ("input>mha:value", "MultiHeadAttention has nothing linked to its query."),
        ("input>mha:query a>mha:query a>mha:value", "MultiHeadAttention takes one query, but gets 2."),
    ],
)
def test_that_named_inputs_are_filled_or_missed(links: str, fault: str) -> None:
    graph = drawn(
        f"input>a {links} mha>flat a>sum flat>sum sum>head head>output",
        a=("LSTM", {"units": 3, "return_sequences": True}),
        mha=ATTENTION,
        flat=("LSTM", {"units": 3, "return_sequences": True}),
        sum="Add",
        head="GlobalAveragePooling1D",
    )
    graph = graph.replaced(graph.by_id["head"])
    report = told(graph, info((6, 5)))
    assert (report.by_id["mha"].error or "") == fault
    if fault:
        with pytest.raises(GraphError):
            build_model(graph, info((6, 5)))
    else:
        assert build_model(graph, info((6, 5))).output_shape == (None, 3)


def test_that_query_and_value_go_where_their_names_say() -> None:
    graph = drawn("a>mha:value input>mha:query input>a mha>output", a=("ZeroPadding1D", {"padding": 2}), mha=ATTENTION)
    assert told(graph, info((6, 5))).by_id["mha"].output_shape == (6, 5)
    assert build_model(graph, info((6, 5))).output_shape == (None, 6, 5)


def test_that_a_layer_used_again_counts_once() -> None:
    graph = drawn(
        "input>a input>b a>sum b>sum sum>output",
        a=("Dense", {"units": 1}),
        b=("Dense", {"shares": "a"}),
        sum="Add",
    )
    report = told(graph, info((5,)))
    assert report.ok
    assert report.total_params == 6 == build_model(graph, info((5,))).count_params()
    assert [report.by_id[name].params for name in ("a", "b")] == [6, 0]


def test_that_a_layer_used_on_two_shapes_is_named_and_gets_its_own_weights() -> None:
    graph = drawn(
        "input>a a>b b>head head>output",
        a=("Dense", {"units": 4}),
        b=("Dense", {"shares": "a"}),
        head=("Dense", {"units": 1}),
    )
    report = told(graph, info((5,)))
    assert report.by_id["b"].error == "The weights of a are made for 5 numbers, and cannot take 4 numbers as well."
    with pytest.raises(GraphError, match="are made for 5 numbers"):
        build_model(graph, info((5,)))
    own = repaired(graph, report.problems[0].repair)  # type: ignore[arg-type]
    assert own.by_id["b"].shares is None
    assert own.by_id["b"].params == {"units": 4}


TABLE = {
    "kind": "table",
    "columns": tuple(ColumnInfo(name=name, kind="numeric") for name in ("age", "height", "weight")),
}


def test_that_an_input_takes_only_its_columns() -> None:
    graph = drawn("input>head head>output", head=("Dense", {"units": 1}))
    part = graph.replaced(graph.by_id["input"].model_copy(update={"params": {"columns": ["weight", "age"]}}))
    report = told(part, info((3,), **TABLE))
    assert report.ok
    assert report.by_id["input"].output_shape == (2,)
    assert build_model(part, info((3,), **TABLE)).count_params() == report.total_params == 3


@pytest.mark.parametrize(
    ("columns", "more", "message"),
    [
        (["age", "colour"], TABLE, "The data have no column colour."),
        (["colour"], TABLE, "The data have no column colour."),
        ([], TABLE, "This input takes no column."),
        (["age"], {}, "Only the samples of a table have columns."),
        ("age", TABLE, "An input's columns must be a list of names."),
    ],
)
def test_that_columns_that_are_not_there_are_named(columns: Any, more: dict[str, Any], message: str) -> None:
    graph = drawn("input>head head>output", head=("Dense", {"units": 1}))
    part = graph.replaced(graph.by_id["input"].model_copy(update={"params": {"columns": columns}}))
    data = info((3,), **more)
    assert told(part, data).by_id["input"].error == message
    mended(part, data)


def test_that_an_input_that_nothing_uses_is_told_and_taken_off() -> None:
    graph = drawn("input>head head>output", head=("Dense", {"units": 1}), spare="Input")
    report = told(graph, info((3,)))
    assert report.ok
    assert [problem.message for problem in report.problems] == ["Nothing that leads to the output uses this input."]
    assert "spare" not in repaired(graph, report.problems[0].repair).by_id  # type: ignore[arg-type]


def test_that_memory_is_told_at_the_plans_batch_size() -> None:
    graph = drawn("input>a a>flat flat>head head>output", a=conv(8), **END)
    report = told(graph, info((16, 16, 3)), batch_size=10)
    assert report.by_id["a"].activation_bytes == 10 * 14 * 14 * 8 * 4
    assert report.activation_bytes == 10 * 4 * (16 * 16 * 3 + 14 * 14 * 8 + 8 + 1)
    assert report.largest_batch is not None
    assert report.largest_batch & (report.largest_batch - 1) == 0


def test_that_carried_weights_are_taken_where_they_fit(tmp_path: Any) -> None:
    graph = drawn("input>a a>head head>output", a=("Dense", {"units": 4}), head=("Dense", {"units": 1}))
    first = build_model(graph, info((3,)), seed=1)
    given = {layer.name: layer.get_weights() for layer in first.layers}
    again = build_model(graph, info((3,)), seed=2, weights=given)
    assert all(np.array_equal(a, b) for a, b in zip(first.get_weights(), again.get_weights(), strict=True))
    np.savez(tmp_path / "kept.npz", **{f"a/{place}": array for place, array in enumerate(given["a"])})
    wider = graph.replaced(graph.by_id["head"].model_copy(update={"params": {"units": 2}}))
    model: keras.Model = build_model(wider, info((3,)), seed=2, weights=tmp_path / "kept.npz")
    assert np.array_equal(model.get_layer("a").get_weights()[0], given["a"][0])
    assert model.output_shape == (None, 2)


def test_that_a_file_that_holds_no_weights_is_refused(tmp_path: Any) -> None:
    graph = drawn("input>head head>output", head=("Dense", {"units": 1}))
    (tmp_path / "kept.npz").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(FileError, match="must be one that an import wrote"):
        build_model(graph, info((3,)), weights=tmp_path / "kept.npz")
