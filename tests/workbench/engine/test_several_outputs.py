"""Layers that put out more than one tensor: checked, built, trained a step, saved, imported, as code and back."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from tests.workbench.codegen import made
from workbench.codegen.model import model_script
from workbench.codegen.parse import parse_script
from workbench.data.spec import DatasetInfo
from workbench.engine.build import build_model
from workbench.engine.check import check
from workbench.graph import edits
from workbench.graph.diff import compare
from workbench.graph.model import Graph, Link
from workbench.graph.ports import input_ports, output_ports
from workbench.importing import import_model
from workbench.project.model import Project

SEVERAL = made.several()


@pytest.mark.parametrize(("name", "graph", "info"), SEVERAL, ids=[name for name, _, _ in SEVERAL])
def test_that_every_output_goes_all_the_way(tmp_path: Path, name: str, graph: Graph, info: DatasetInfo) -> None:
    report = check(Project(graph=graph, info=info))
    assert [problem.message for problem in report.problems if problem.severity == "error"] == []
    model = build_model(graph, info, seed=1)
    assert model.count_params() == report.total_params
    for node in graph.nodes:
        if len(output_ports(node)) > 1:
            shapes = [tensor.shape[1:] for tensor in keras.tree.flatten(model.get_layer(node.name).output)]
            assert report.by_id[node.id].output_shapes == dict(zip(output_ports(node), shapes, strict=True))
            assert report.by_id[node.id].output_shape == shapes[0]
    x = np.random.default_rng(0).normal(size=(2, *info.input_shape)).astype("float32")
    model.compile("sgd", "mse", jit_compile=False)
    assert np.isfinite(model.train_on_batch(x, np.ones((2, 2))))
    model.save(tmp_path / "model.keras")
    found = import_model(tmp_path / "model.keras", into=tmp_path)
    assert (found.kept, found.graph.links) == ((), _renamed(graph, found.graph))
    assert found.info is not None
    again = build_model(found.graph, found.info, weights=found.weights)
    np.testing.assert_allclose(again(x, training=False), model(x, training=False), atol=1e-6)
    read, problems = parse_script(model_script(graph, info))
    assert (problems, compare(graph, read).lines()) == ((), [])


def _renamed(graph: Graph, other: Graph) -> tuple[Link, ...]:
    """The links of a drawing by the ids and in the order of another with the same names."""
    ids = {node.name: node.id for node in other.nodes}
    links = {
        link.model_copy(update={end: ids[graph.by_id[getattr(link, end)].name] for end in ("source", "target")})
        for link in graph.links
    }
    # An attention that is fed once attends to itself: Keras writes that out.
    return tuple(link for link in other.links if link in links or link.target_port in ("query", "value", "key"))


def test_that_what_is_not_put_out_is_told_with_a_repair() -> None:
    graph = edits.set_params(made.encoder_decoder(), "encoder", {"return_state": ...})
    project = Project(graph=graph, info=made.info((4, 3)))
    problem = next(problem for problem in check(project).problems if problem.node == "decoder")
    assert problem.message == "encoder puts out no state h, which this layer is linked to."
    assert problem.repair is not None
    assert problem.repair.label == "Let encoder put out its state h"
    assert check(project.model_copy(update={"graph": edits.apply_repair(graph, problem.repair)})).ok


def test_that_a_layer_begins_with_all_of_its_states_or_with_none() -> None:
    graph = edits.disconnect(made.encoder_decoder(), made.encoder_decoder().links[3])
    report = check(Project(graph=graph, info=made.info((4, 3))))
    assert [problem.message for problem in report.problems] == [
        "LSTM begins with all of its states or with none, but nothing is linked to its state c."
    ]


def test_that_a_state_of_another_size_is_refused() -> None:
    graph = edits.set_params(made.encoder_decoder(), "encoder", {"units": 7})
    report = check(Project(graph=graph, info=made.info((4, 3))))
    assert [problem.message for problem in report.problems] == [
        "The state h that LSTM begins with must be 5 numbers, but is 7 numbers."
    ]


def test_that_a_shared_layer_gives_its_states_at_each_use() -> None:
    graph = made.drawing(
        ("input", "Input", {}),
        ("dense", "Dense", {"units": 3}, "input"),
        ("first", "GRU", {"units": 3, "return_state": True}, "input"),
        ("second", "GRU", {"units": 3, "return_state": True, "shares": "first"}, "dense"),
        ("sum", "Add", {}, ("first", "input", "state"), ("second", "input", "state")),
        ("output", "Output", {}, "sum"),
    )
    info = made.info((4, 3))
    model = build_model(graph, info)
    assert len([layer for layer in model.layers if isinstance(layer, keras.layers.GRU)]) == 1
    read, problems = parse_script(model_script(graph, info))
    assert (problems, compare(graph, read).lines()) == ((), [])


def test_that_what_is_kept_whole_may_put_out_several_tensors(tmp_path: Path) -> None:
    entry = keras.Input((4, 3))
    outputs = keras.ops.split(entry, 3, axis=-1)
    model = keras.Model(entry, keras.layers.Concatenate()([outputs[0], outputs[2]]))
    model.save(tmp_path / "odd.keras")
    found = import_model(tmp_path / "odd.keras", into=tmp_path)
    kept = [node for node in found.graph.nodes if node.layer == "Kept"]
    assert any(len(output_ports(node)) == 3 for node in kept)
    assert found.info is not None
    x = np.random.default_rng(0).random((2, 4, 3), dtype="float32")
    again = build_model(found.graph, found.info, weights=found.weights)
    np.testing.assert_allclose(again(x), model(x), atol=1e-6)
    assert "split, _, split_output_3 = keras.ops.split(" in model_script(found.graph, found.info)


def test_that_a_stack_of_recurrent_layers_is_still_a_sequential() -> None:
    graph = made.drawing(("input", "Input", {}), ("a", "LSTM", {"units": 3}, "input"), ("output", "Output", {}, "a"))
    assert "keras.Sequential(" in model_script(graph, made.info((4, 3)))
    assert input_ports(graph.by_id["a"]) == ("input", "state h", "state c")
