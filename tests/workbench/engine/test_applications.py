"""Published models as blocks: built for what reaches them, seeded, frozen, saved, explained; nothing is downloaded."""

from __future__ import annotations

import importlib
import urllib.error
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from workbench.catalog.applications import preparation
from workbench.core.errors import GraphError
from workbench.data.spec import DatasetInfo
from workbench.engine.build import build_model
from workbench.engine.check import check
from workbench.engine.layers import make_layer
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project

SMALL: dict[str, Any] = {"alpha": 0.35}
MODULES = {
    "ResNet50": "resnet",
    "ResNet50V2": "resnet_v2",
    "DenseNet121": "densenet",
    "MobileNet": "mobilenet",
    "VGG16": "vgg16",
}


def info(*shape: int) -> DatasetInfo:
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    return DatasetInfo(title="t", kind="image", task="regression", input_shape=shape, **sizes)


def drawing(layer: str = "MobileNetV2", **params: Any) -> Graph:
    graph, _ = edits.append(edits.blank(), layer, {**(SMALL if layer == "MobileNetV2" else {}), **params})
    graph, _ = edits.append(graph, "Dense", {"units": 1})
    return graph


def block_of(model: keras.Model) -> keras.Model:
    return next(layer for layer in model.layers if isinstance(layer, keras.Model))


def inner(model: keras.Model) -> keras.Model:
    return next(layer for layer in block_of(model).layers if isinstance(layer, keras.Model))


def test_that_a_block_is_checked_built_trained_saved_and_reopened(tmp_path: Path) -> None:
    graph, data = drawing(), info(32, 32, 3)
    report = check(Project(graph=graph, info=data))
    assert report.problems == ()
    model = build_model(graph, data, seed=3)
    assert model.count_params() == report.total_params
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == report.trainable_params
    x = np.random.default_rng(0).random((4, 32, 32, 3), dtype="float32")
    model.compile("sgd", "mse", jit_compile=False)
    model.train_on_batch(x, np.ones((4, 1)))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(again(x, training=False), model(x, training=False), atol=1e-5)


def test_that_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    weights = [build_model(drawing(), info(32, 32, 3), seed=seed).get_weights() for seed in (1, 1, 2)]
    assert all(np.array_equal(one, other) for one, other in zip(weights[0], weights[1], strict=True))
    assert not all(np.array_equal(one, other) for one, other in zip(weights[0], weights[2], strict=True))


def test_that_it_can_be_frozen_whole_or_up_to_a_layer() -> None:
    whole = build_model(drawing(trainable=False), info(32, 32, 3))
    assert len(whole.trainable_weights) == 2
    part = inner(build_model(drawing(freeze_until="block_5_add"), info(32, 32, 3)))
    names = [layer.name for layer in part.layers]
    last = names.index("block_5_add")
    assert not any(layer.trainable for layer in part.layers[: last + 1])
    assert all(layer.trainable for layer in part.layers[last + 1 :])
    with pytest.raises(GraphError, match="no layer called") as told:
        build_model(drawing(freeze_until="block_5_ad"), info(32, 32, 3))
    assert "block_5_add" in told.value.hint


def test_that_it_has_a_top_where_one_is_wanted() -> None:
    model = build_model(drawing(include_top=True, classes=7), info(32, 32, 3))
    assert block_of(model).output.shape == (None, 7)
    mapped = make_layer("MobileNetV2", {**SMALL, "pooling": None}, name="x")(keras.Input((64, 64, 3)))
    assert len(mapped.shape) == 4


def test_that_weights_come_from_a_file(tmp_path: Path) -> None:
    source = build_model(drawing(), info(32, 32, 3), seed=1)
    inner(source).save_weights(tmp_path / "mobile.weights.h5")
    chosen = {"weights": "file", "weights_file": str(tmp_path / "mobile.weights.h5")}
    copy = build_model(drawing(**chosen), info(32, 32, 3), seed=2)
    for one, other in zip(inner(source).get_weights(), inner(copy).get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(GraphError, match="must be those of a MobileNetV2"):
        build_model(drawing(**chosen, include_top=True), info(32, 32, 3))
    with pytest.raises(GraphError, match=r"weights\.h5"):
        build_model(drawing(weights="file", weights_file="nowhere.txt"), info(32, 32, 3))


def test_that_asking_for_shapes_reads_and_downloads_nothing() -> None:
    for params in ({"weights": "imagenet"}, {"weights": "file", "weights_file": "/nowhere.weights.h5"}):
        report = check(Project(graph=drawing(**params), info=info(32, 32, 3)))
        assert report.problems == ()


@pytest.mark.parametrize(("layer", "module"), MODULES.items())
def test_that_pictures_are_prepared_as_keras_prepares_them(layer: str, module: str) -> None:
    from workbench.engine.applications import _prepared

    x = np.random.default_rng(0).random((2, 4, 4, 3), dtype="float32")
    entry = keras.Input((4, 4, 3))
    ours = keras.Model(entry, _prepared(layer, entry, "p"))(x)
    theirs = importlib.import_module(f"keras.applications.{module}").preprocess_input(x * 255)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_that_models_with_their_own_preparation_are_fed_bytes() -> None:
    for layer in ("EfficientNetB0", "EfficientNetV2B0", "ConvNeXtTiny", "MobileNetV3Small"):
        assert preparation(layer) == "bytes"


@pytest.mark.parametrize(
    ("shape", "layer", "words"),
    [
        ((16, 16, 3), "MobileNetV2", "at least 32×32, but gets 16×16×3"),
        ((32, 32, 3), "InceptionV3", "at least 75×75"),
        ((64,), "MobileNetV2", "needs pictures"),
    ],
)
def test_that_what_does_not_fit_is_told_in_words(shape: tuple[int, ...], layer: str, words: str) -> None:
    report = check(Project(graph=drawing(layer), info=info(*shape)))
    assert any(words in problem.message for problem in report.problems), report.problems


def test_that_grey_pictures_cannot_have_published_weights() -> None:
    with pytest.raises(GraphError, match="colour"):
        build_model(drawing(weights="imagenet"), info(32, 32, 1))


def test_that_a_download_that_fails_is_told_with_a_way_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: Any, **__: Any) -> None:
        raise urllib.error.URLError("no way there")

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", unreachable)
    graph = drawing("MobileNet", alpha=0.25, weights="imagenet")
    with pytest.raises(GraphError, match="could not be downloaded") as told:
        build_model(graph, info(128, 128, 3))
    assert "none or to a file" in told.value.hint


def test_that_a_model_whose_blocks_keras_finds_by_its_own_name_can_be_named() -> None:
    graph = drawing("EfficientNetV2B0", weights="none", include_top=False)
    model = build_model(graph, info(32, 32, 3), 0)
    block = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    assert [inner.name for inner in block.layers if isinstance(inner, keras.Model)] == [
        f"{block.name}_efficientnetv2b0"
    ]
