"""The shipped presets: current, of the published size, in a sensible order, and each one trains.

All of them, large ones too, with their exports: tests/benchmarks/literature.py.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.data.spec import DatasetInfo
from workbench.engine.build import build_model
from workbench.engine.check import check
from workbench.project.model import Project
from workbench.project.presets import Preset, architectures, preset, project_presets, with_architecture
from workbench.project.suggest import suggest, suggested_name

ROOT = Path(__file__).parents[3]
LITERATURE = (
    *("lenet5", "alexnet", "vgg16", "googlenet", "inception-v3", "resnet18", "resnet50", "mobilenet", "mobilenet-v2"),
    *("densenet121", "unet", "vit-b16", "mixer-s16", "cnn-lstm", "stacked-lstm", "stacked-gru", "series-cnn"),
    *("bilstm-text", "bert-base", "gpt2", "t5-small", "wide-and-deep"),
)
TRIED = [
    found
    for found in architectures()
    if (found.parameters or 0) < 300_000 and found.name not in ("resnet20", "inception-small")
]


def named(presets: tuple[Preset, ...]) -> list[str]:
    return [found.name for found in presets]


def info(shape: tuple[int, ...], kind: str = "image", classes: int = 3, **more: Any) -> DatasetInfo:
    task = "classification" if classes else "regression"
    names = tuple(str(number) for number in range(classes))
    counts = {"samples": 60, "train_samples": 40, "validation_samples": 10, "test_samples": 10}
    facts: dict[str, Any] = {"title": "made up", "kind": kind, "task": task, "input_shape": shape, "classes": names}
    return DatasetInfo(**{**facts, **counts, **more})


def test_that_what_is_shipped_is_what_the_generator_writes() -> None:
    script = ROOT / "scripts" / "make_presets.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_that_the_architectures_of_the_literature_are_there_with_their_papers() -> None:
    known = {found.name: found for found in architectures()}
    assert set(LITERATURE) <= known.keys()
    for name in LITERATURE:
        paper = known[name].paper
        assert paper is not None, name
        assert str(paper.year) in paper.cited


@pytest.mark.parametrize("name", [found.name for found in architectures() if found.published_parameters])
def test_that_a_preset_is_as_large_as_published(name: str) -> None:
    found = preset(name)
    report = check(with_architecture(Project(info=found.reference), found))
    published = found.published_parameters or 0
    assert report.problems == ()
    assert report.total_params == found.parameters
    off = abs(report.trainable_params - published) / published
    told = re.search(r"[\d.]+ M\b|\d,\d{3}", found.note)
    assert off <= 0.01 or told, f"{report.trainable_params:,} is {off:.1%} off {published:,}, and no word of it"
    assert off < 0.035


def test_that_every_preset_can_be_read_and_its_blocks_have_names() -> None:
    for found in (*architectures(), *project_presets()):
        graph = found.project.graph
        assert len(graph.nodes) == found.layers + 2
        assert all(group.name for group in graph.groups), found.name
        if len(graph.nodes) > 50:
            assert graph.groups, found.name
            assert all(group.folded for group in graph.groups)


def test_that_the_sensible_ones_come_first_and_the_published_ones_last() -> None:
    expected = {
        "compact-cnn mlp": info((8, 8, 1)),
        "small-vgg lenet5 resnet20": info((28, 28, 1)),
        "small-vgg lenet5": info((32, 32, 3)),
        "picture-cnn resnet20 mobilenet-v2-small": info((224, 224, 3)),
        "embedding-lstm bilstm-text transformer-encoder": info((40,), "array", integer_input=True, vocabulary=500),
        "lstm series-cnn stacked-lstm": info((50, 3), "array"),
        "mlp": info((12,), "array"),
        "tabular-mlp wide-and-deep": info((12,), "table"),
        "tabular-regression wide-and-deep": info((12,), "table", classes=0),
        "frames-cnn-lstm mlp": info((6, 16, 16, 1), "array"),
    }
    for names, data in expected.items():
        found = architectures(data)
        assert named(found)[: len(names.split())] == names.split()
        assert suggested_name(data) == names.split()[0]
        large = [one.as_published for one in found]
        assert large == sorted(large)
        assert suggest(data)[0] == with_architecture(Project(info=data), found[0]).graph


def test_that_sizes_that_do_not_halve_evenly_get_no_u_net() -> None:
    assert "unet" in named(architectures(info((64, 96, 3))))
    assert "unet" not in named(architectures(info((64, 90, 3))))
    assert "unet-small" in named(architectures(info((28, 28, 1))))


def test_that_an_embedding_knows_as_many_words_as_the_data() -> None:
    data = info((12,), "array", integer_input=True, vocabulary=70)
    for found in architectures(data):
        if found.suits.integer:
            graph = with_architecture(Project(info=data), found).graph
            assert [node.params["input_dim"] for node in graph.of_layer("Embedding")] == [70], found.name


@pytest.mark.parametrize("name", [found.name for found in TRIED])
def test_that_a_small_preset_learns_in_one_step(name: str) -> None:
    import keras

    found = preset(name)
    shape = found.reference_input
    side = -(-max(found.suits.min_size, 16) // found.suits.multiple) * found.suits.multiple
    shape = (side, side, shape[-1]) if found.suits.kinds[0] == "image" else tuple(min(size, 16) for size in shape)
    classes = 0 if found.suits.task == "regression" else 3
    data = found.reference.model_copy(
        update={"input_shape": shape, "vocabulary": 20, "classes": tuple("abc"[:classes])}
    )
    project = with_architecture(Project(info=data), found)
    assert check(project).ok
    model = build_model(project.graph, data)
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).integers(0, 20, (6, *shape)).astype("int32" if data.integer_input else "float32")
    y = np.arange(6) % 3
    model.compile("adam", "sparse_categorical_crossentropy" if classes else "mse", run_eagerly=True)
    before = [np.array(weight) for weight in model.get_weights()]
    assert np.isfinite(model.train_on_batch(x, y.astype("int32" if classes else "float32")))
    assert any(np.any(old != new) for old, new in zip(before, model.get_weights(), strict=True))


def before_and_after(name: str, layer: str) -> tuple[np.ndarray, np.ndarray]:
    """What a layer makes of a text, and of the same text with another last word."""
    import keras

    data = info((8,), "array", integer_input=True, vocabulary=20)
    graph = with_architecture(Project(info=data), preset(name)).graph
    model = build_model(graph, data)
    told = keras.Model(model.inputs[0], model.get_layer(layer).output)
    text = np.arange(1, 9, dtype="int32")[None]
    other = text.copy()
    other[0, -1] = 15
    return np.asarray(told(text)), np.asarray(told(other))


def test_that_a_decoder_does_not_see_what_is_to_come_and_an_encoder_does() -> None:
    first, second = before_and_after("gpt-small", "layer_normalization")
    np.testing.assert_array_equal(first[0, :-1], second[0, :-1])
    assert np.any(first[0, -1] != second[0, -1])
    first, second = before_and_after("transformer-encoder", "block_2_layer_normalization_1")
    assert np.all(np.any(first[0] != second[0], axis=-1))


def test_that_places_are_learned() -> None:
    data = info((8,), "array", integer_input=True, vocabulary=20)
    graph = with_architecture(Project(info=data), preset("transformer-encoder")).graph
    model = build_model(graph, data)
    assert tuple(model.get_layer("words_positions").weights[0].shape) == (8, 64)
    same = np.full((1, 8), 3, dtype="int32")
    import keras

    told = np.asarray(keras.Model(model.inputs[0], model.get_layer("words_add_positions").output)(same))
    table = np.asarray(model.get_layer("words_positions").weights[0])
    np.testing.assert_allclose(told[0, 1] - told[0, 0], table[0] - table[1], atol=1e-6)
