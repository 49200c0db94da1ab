"""One real sample after each layer: the numbers are the network's own, and each has a form to be looked at."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled
from workbench.data.dataset import open_dataset
from workbench.data.encode import model_input
from workbench.data.spec import DatasetSpec
from workbench.engine.activations import activations, described
from workbench.engine.build import build_model
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import store


@pytest.fixture(scope="module")
def dataset():
    return open_dataset(DatasetSpec(source="builtin", location="digits"))


def project_of(dataset, *layers):
    graph = edits.blank()
    for layer, params in layers:
        graph, _ = edits.append(graph, layer, params)
    return Project(
        dataset=dataset.spec, info=dataset.info, graph=graph, training=TrainingSettings(epochs=1, batch_size=256)
    )


@pytest.fixture(scope="module")
def small(dataset):
    return project_of(
        dataset,
        ("Conv2D", {"filters": 6, "kernel_size": 3, "activation": "relu"}),
        ("BatchNormalization", {}),
        ("Flatten", {}),
        ("Dropout", {"rate": 0.5}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )


def test_that_every_node_shows_what_the_network_makes_of_the_sample(dataset, small):
    found = activations(small, dataset, 3)
    graph = small.graph
    kinds = [found.nodes[node].kind for node in graph.order]
    assert kinds == ["picture", "maps", "maps", "histogram", "histogram", "bars", "bars"]
    conv = found.nodes[graph.of_layer("Conv2D")[0].id]
    assert conv.shape == (6, 6, 6)
    assert conv.pixels.dtype == np.uint8
    assert conv.low >= 0
    x = model_input(dataset.preparation, dataset.part("validation").x[3:4])
    answer = np.asarray(build_model(graph, dataset.info, 0)(x))[0]
    np.testing.assert_allclose(found.nodes[graph.output.id].lines[0], answer, atol=1e-5)
    assert found.run == ""
    index = int(dataset.part("validation").index[3])
    assert (found.sample, found.label) == (dataset.sample_name(index), str(dataset.label(index)))


def test_that_rows_beyond_the_end_begin_anew(dataset, small):
    rows = len(dataset.part("validation"))
    assert activations(small, dataset, rows + 1).sample == activations(small, dataset, 1).sample


def test_that_a_trained_run_gives_its_weights_where_they_fit(dataset, small, tmp_path):
    from workbench.core.control import RunControl
    from workbench.engine.trainer import train

    plan = store.new_run(tmp_path, small)
    train(tmp_path, plan, lambda event: None, RunControl(), dataset)
    trained = activations(small, dataset, 3, folder=tmp_path)
    assert trained.run == plan.run
    fresh = activations(small, dataset, 3)
    out = small.graph.output.id
    assert trained.nodes[out].lines != fresh.nodes[out].lines
    other = project_of(dataset, ("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))
    assert activations(other, dataset, 3, folder=tmp_path).run == ""


def test_that_a_layer_used_twice_shows_both_uses(dataset):
    project = project_of(dataset, ("Flatten", {}), ("Dense", {"units": 64}), ("Dense", {"units": 64}))
    first, second = project.graph.of_layer("Dense")
    shared = project.graph.replaced(second.model_copy(update={"shares": first.id, "params": {}}))
    found = activations(project.model_copy(update={"graph": shared}), dataset)
    assert found.nodes[first.id].mean != found.nodes[second.id].mean


def test_that_it_can_be_cancelled(dataset, small):
    token = CancelToken()
    token.stop()
    with pytest.raises(Cancelled):
        activations(small, dataset, cancel=token)


@pytest.mark.parametrize(
    ("shape", "as_is", "kind"),
    [
        ((200, 100, 3), True, "picture"),
        ((28, 28, 1), True, "picture"),
        ((9, 9, 40), False, "maps"),
        ((1, 1, 5), False, "maps"),
        ((4, 9, 9, 2), False, "maps"),
        ((300, 2), False, "curves"),
        ((30, 20), False, "maps"),
        ((10,), False, "bars"),
        ((1000,), False, "histogram"),
        ((), False, "bars"),
        ((0,), False, "bars"),
    ],
)
def test_that_any_shape_has_a_form(shape, as_is, kind):
    found = described(np.random.default_rng(0).normal(size=shape), as_is=as_is)
    assert found.kind == kind
    assert found.shape == shape
    if found.pixels is not None:
        assert found.pixels.ndim in (2, 3)
        assert max(found.pixels.shape) <= 4 * 65


def test_that_numbers_without_spread_and_no_numbers_are_shown_too():
    assert described(np.zeros((4, 4, 2))).zeros == 1.0
    assert described(np.full((4, 4, 2), np.nan)).pixels.max() == 0
