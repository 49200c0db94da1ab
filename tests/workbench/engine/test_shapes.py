"""Live shape inference: what Keras would say, without weights, and only what an edit touches."""

from __future__ import annotations

import threading
import time
from typing import Any

import psutil
import pytest

from workbench.data.spec import DatasetInfo
from workbench.engine import cost, shapes
from workbench.engine.check import check
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project


def info(shape: tuple[int, ...], integer: bool = False) -> DatasetInfo:
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    return DatasetInfo(title="t", kind="array", task="regression", input_shape=shape, integer_input=integer, **sizes)


def stack(*layers: tuple[str, dict[str, Any]]) -> Graph:
    graph = edits.blank()
    for layer, params in layers:
        graph, _ = edits.append(graph, layer, params)
    return graph


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The layers that Keras was asked about, by node id; the cache begins empty."""
    shapes._cache.clear()
    names: list[str] = []
    ask = shapes._asked

    def counted(node: Any, *inputs: Any) -> shapes.Inferred:
        names.append(node.id)
        return ask(node, *inputs)

    monkeypatch.setattr(shapes, "_asked", counted)
    return names


def test_that_only_what_lies_behind_an_edit_is_asked_again(asked: list[str]) -> None:
    graph = stack(*[("Dense", {"units": size}) for size in (9, 8, 7, 6, 5)])
    shapes.infer(graph, info((4,)))
    assert asked == list(graph.order[1:-1])
    asked.clear()
    shapes.infer(graph, info((4,)))
    assert asked == []
    changed = graph.order[3]
    found = shapes.infer(edits.set_params(graph, changed, {"units": 70}), info((4,)))
    assert asked == [changed, graph.order[4]]
    assert found[changed].output == shapes.Spec((70,))


def test_that_ten_thousand_million_parameters_cost_no_memory() -> None:
    shapes._cache.clear()
    graph = stack(("Dense", {"units": 100_000}), ("Dense", {"units": 1}))
    shapes.infer(stack(("Dense", {})), info((4,)))
    before, start = psutil.Process().memory_info().rss, time.perf_counter()
    found = shapes.infer(graph, info((100_000,)))
    assert found[graph.order[1]].params == 100_000 * 100_000 + 100_000
    assert psutil.Process().memory_info().rss - before < 50e6
    assert time.perf_counter() - start < 5


def test_that_a_traced_layer_in_a_later_pass_initialises_nothing() -> None:
    shapes._cache.clear()
    shapes.infer(stack(("Dense", {"units": 60_000})), info((60_000,)))
    before = psutil.Process().memory_info().rss
    shapes.infer(stack(("RandomFlip", {}), ("GlobalAveragePooling2D", {}), ("Softmax", {})), info((16, 16, 3)))
    assert psutil.Process().memory_info().rss - before < 200e6


def test_that_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    shapes.infer(stack(("Dense", {"units": 31})), info((3,)))
    assert threading.active_count() == before


def test_that_nothing_is_told_of_what_lies_behind_a_fault() -> None:
    graph = stack(("Conv2D", {}), ("Dense", {"units": 3}))
    found = shapes.infer(graph, info((8,)))
    conv, dense = graph.order[1:3]
    assert "Conv2D needs pictures" in found[conv].error
    assert found[dense] == shapes.Inferred()


def test_that_a_residual_network_of_180_layers_is_told_fast() -> None:
    layers = []
    for width in (16, 32, 64, 128):
        for _ in range(11):
            layers += [("Conv2D", {"filters": width, "padding": "same"}), ("BatchNormalization", {}), ("ReLU", {})]
            layers.append(("Conv2D", {"filters": width, "kernel_size": 1}))
    graph = stack(*layers, ("GlobalAveragePooling2D", {}), ("Dense", {"units": 1}))
    project = Project(graph=graph, info=info((64, 64, 3)))
    shapes._cache.clear()
    check(project)
    start = time.perf_counter()
    shapes._cache.clear()
    assert check(project).ok
    assert time.perf_counter() - start < 2
    start = time.perf_counter()
    check(project.model_copy(update={"graph": edits.set_params(graph, graph.order[-6], {"filters": 120})}))
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("layer", "params", "shape", "flops"),
    [
        ("Dense", {"units": 10}, (64,), 2 * 64 * 10 + 10),
        ("Conv2D", {"filters": 8, "kernel_size": 3}, (28, 28, 1), 2 * 9 * 8 * 26 * 26 + 26 * 26 * 8),
        ("MaxPooling2D", {}, (28, 28, 2), 14 * 14 * 2 * 4),
        ("LSTM", {"units": 5}, (7, 3), 2 * (3 * 20 + 5 * 20) * 7),
        ("Flatten", {}, (28, 28), 0),
        ("ReLU", {}, (28, 28), 28 * 28),
    ],
)
def test_that_the_work_of_a_layer_is_what_one_would_count(
    layer: str, params: dict[str, Any], shape: tuple[int, ...], flops: int
) -> None:
    graph = stack((layer, params))
    assert shapes.infer(graph, info(shape))[graph.order[1]].flops == flops


def test_that_an_unknown_size_counts_once() -> None:
    assert cost.count((None, 4, 3)) == 12
