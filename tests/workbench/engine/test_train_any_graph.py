"""Drawings that are no stack, trained, kept, measured and exported as any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workbench.engine.conftest import TrainingBench
from workbench.engine.build import build_model
from workbench.engine.check import check
from workbench.engine.evaluation import evaluate
from workbench.engine.export import export_run
from workbench.graph.model import Graph, Link, Node
from workbench.project.model import Project


def drawn(*nodes: tuple[str, str, dict[str, Any]], links: str) -> Graph:
    """A drawing of (id, layer, parameters); links as "a>b b>c"."""
    return Graph(
        nodes=tuple(
            Node(
                id=name,
                layer=layer,
                name=name,
                params={k: v for k, v in params.items() if k != "shares"},
                shares=params.get("shares"),
            )
            for name, layer, params in nodes
        ),
        links=tuple(Link(source=pair.split(">")[0], target=pair.split(">")[1]) for pair in links.split()),
    )


SOFTMAX = {"units": 3, "activation": "softmax"}


def two_inputs() -> Graph:
    return drawn(
        ("petals", "Input", {"columns": ["petal length (cm)", "petal width (cm)"]}),
        ("sepals", "Input", {"columns": ["sepal width (cm)"]}),
        ("all", "Input", {}),
        ("left", "Dense", {"units": 6, "activation": "relu"}),
        ("right", "Dense", {"units": 5, "activation": "relu"}),
        ("both", "Concatenate", {}),
        ("head", "Dense", SOFTMAX),
        ("output", "Output", {}),
        links="petals>left sepals>right left>both right>both all>both both>head head>output",
    )


def two_outputs() -> Graph:
    return drawn(
        ("input", "Input", {}),
        ("trunk", "Dense", {"units": 8, "activation": "relu"}),
        ("early", "Dense", SOFTMAX),
        ("first", "Output", {}),
        ("deeper", "Dense", {"units": 8, "activation": "relu"}),
        ("late", "Dense", SOFTMAX),
        ("second", "Output", {}),
        links="input>trunk trunk>early early>first trunk>deeper deeper>late late>second",
    )


def shared() -> Graph:
    return drawn(
        ("input", "Input", {}),
        ("wide", "Dense", {"units": 4}),
        ("once", "Dense", {"units": 4, "activation": "tanh"}),
        ("again", "Dense", {"shares": "once"}),
        ("sum", "Add", {}),
        ("head", "Dense", SOFTMAX),
        ("output", "Output", {}),
        links="input>wide wide>once once>again once>sum again>sum sum>head head>output",
    )


@pytest.mark.parametrize("graph", [two_inputs(), two_outputs(), shared()], ids=["inputs", "outputs", "shared"])
def test_that_it_is_trained_and_measured(bench: TrainingBench, graph: Graph) -> None:
    iris = bench.builtin("iris")
    report = check(Project(graph=graph, info=iris.info))
    assert report.ok, report.problems
    ended, _ = bench.train(graph, iris, epochs=12, learning_rate=0.02)
    assert ended.outcome == "done", ended
    found = evaluate(bench.folder, ended.run, dataset=iris)
    assert found.metrics["accuracy"] > 0.6
    assert build_model(graph, iris.info).count_params() == report.total_params


def test_that_inputs_take_their_columns_in_both_exports(bench: TrainingBench, tmp_path: Path) -> None:
    iris = bench.builtin("iris")
    ended, _ = bench.train(two_inputs(), iris, epochs=1)
    for form, name in (("keras", "model.keras"), ("saved_model", "saved")):
        certificate = export_run(bench.folder, format=form, out=tmp_path / "out" / name, run=ended.run, dataset=iris)
        assert certificate.verified


def test_that_only_the_first_output_is_kept_and_both_learn(bench: TrainingBench) -> None:
    iris = bench.builtin("iris")
    ended, _ = bench.train(two_outputs(), iris, epochs=1)
    kept = bench.best(ended)
    assert [layer.name for layer in kept.layers] == ["input", "trunk", "early"]
    assert build_model(two_outputs(), iris.info).output_shape == [(None, 3), (None, 3)]


def test_that_a_column_of_the_table_reaches_its_input_alone() -> None:
    iris = TrainingBench.builtin("iris")
    graph = drawn(
        ("only", "Input", {"columns": ["petal width (cm)"]}),
        ("same", "Identity", {}),
        ("output", "Output", {}),
        links="only>same same>output",
    )
    x = iris.part("test").x[:5]
    assert np.array_equal(build_model(graph, iris.info).predict_on_batch(x), x[:, 3:4])
