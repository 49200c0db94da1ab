"""Every evident repair at once: each is made on a drawing that was checked."""

from __future__ import annotations

import pytest

from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled
from workbench.data.spec import DatasetInfo
from workbench.engine.check import check
from workbench.engine.mend import mend
from workbench.graph import edits
from workbench.project.model import Project

INFO = DatasetInfo(
    title="Digits",
    kind="image",
    task="classification",
    input_shape=(8, 8, 1),
    classes=tuple("0123456789"),
    samples=100,
    train_samples=70,
    validation_samples=15,
    test_samples=15,
)


def drawing(*layers):
    graph = edits.blank()
    for layer, params in layers:
        graph, _ = edits.append(graph, layer, params)
    return Project(info=INFO, graph=graph)


def test_that_a_missing_flatten_and_wrong_units_are_mended_together():
    project = drawing(("Conv2D", {"filters": 4, "kernel_size": 3}), ("Dense", {"units": 3, "activation": "softmax"}))
    assert not check(project).ok
    mended = mend(project)
    assert mended.errors_left == 0
    assert len(mended.done) == 2
    assert check(project.model_copy(update={"graph": mended.graph})).ok
    assert mended.graph.of_layer("Dense")[0].params["units"] == 10
    assert mended.graph.of_layer("Flatten")


def test_that_a_sound_drawing_is_left_alone():
    project = drawing(("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))
    mended = mend(project)
    assert mended.graph is project.graph
    assert mended.done == ()


def test_that_what_cannot_be_mended_is_counted():
    project = drawing(("NoSuchLayer", {}), ("Flatten", {}), ("Dense", {"units": 3, "activation": "softmax"}))
    mended = mend(project)
    assert mended.graph.of_layer("Dense")[0].params["units"] == 10 or mended.errors_left
    assert mended.errors_left == sum(
        problem.severity == "error" for problem in check(project.model_copy(update={"graph": mended.graph})).problems
    )


def test_that_it_can_be_cancelled():
    token = CancelToken()
    token.stop()
    with pytest.raises(Cancelled):
        mend(drawing(("Dense", {"units": 3})), token)
