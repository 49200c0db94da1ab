"""A training begins with the weights that an import left beside the project, where they fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.core.events import Notice
from workbench.graph.head import fit_head
from workbench.project import store
from workbench.project.model import Project


def test_that_a_training_begins_with_the_imported_weights_where_they_fit(bench: Any) -> None:
    iris = bench.builtin("iris")
    graph = fit_head(bench.stack(("Dense", {"units": 5}), ("Dense", {"units": 3})), iris.info)
    first, head = graph.of_layer("Dense")
    kernel, bias = np.full((4, 5), 0.25, "float32"), np.full(5, 0.5, "float32")
    np.savez(
        bench.folder / store.WEIGHTS_FILE,
        **{
            f"{first.id}/0": kernel,
            f"{first.id}/1": bias,
            f"{head.id}/0": np.ones((5, 1000)),
            f"{head.id}/1": np.ones(1000),
        },
    )
    ended, told = bench.train(graph, iris, epochs=1, learning_rate=1e-12)
    model = bench.best(ended)
    assert np.allclose(model.get_layer(first.name).get_weights()[0], kernel, atol=1e-6)
    assert model.get_layer(head.name).get_weights()[0].shape == (5, 3)
    assert any("imported" in event.message for event in told if isinstance(event, Notice))


def test_that_a_copy_of_a_project_takes_the_imported_weights_along(bench: Any) -> None:
    old, new = bench.folder / "old", bench.folder / "new"
    store.create(Project(), old)
    (old / store.WEIGHTS_FILE).write_bytes(b"weights")
    store.save_as(Project(), old, new)
    assert (new / store.WEIGHTS_FILE).read_bytes() == b"weights"
