"""The scripts, run where nothing of this program can be imported, give the same models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.workbench.codegen import made
from workbench.codegen.model import model_script
from workbench.codegen.parse import parse_script
from workbench.data.spec import DatasetInfo
from workbench.graph.model import Graph
from workbench.project.presets import architectures

DRIVER = """
import json, pathlib, runpy, sys
import numpy as np
sys.modules["workbench"] = None
answers = {}
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    model = runpy.run_path(str(folder / "script.py"))["model"]
    given = np.load(folder / "given.npz")
    for layer in model.layers:
        weights = layer.get_weights()
        if weights:
            layer.set_weights([given[f"{layer.name}/{place}"] for place in range(len(weights))])
    inputs = [given["input"]] * len(model.inputs)
    outputs = model(inputs[0] if len(inputs) == 1 else inputs, training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    np.savez(folder / "answer.npz", *[np.asarray(output) for output in outputs])
    answers[folder.name] = [model.count_params(), sorted(layer.name for layer in model.layers)]
print(json.dumps(answers))
"""


def prepared(folder: Path, graph: Graph, info: DatasetInfo) -> tuple[int, list[str], list[np.ndarray]]:
    """Write a script with the app's own weights and a sample beside it; what the app's model says of them."""
    from workbench.engine.build import build_model

    folder.mkdir(parents=True)
    (folder / "script.py").write_text(model_script(graph, info), encoding="utf-8")
    model = build_model(graph, info, seed=3)
    rng = np.random.default_rng(0)
    shape = (2, *info.input_shape)
    sample = (
        rng.integers(0, 9, shape).astype("int32") if info.integer_input else rng.normal(size=shape).astype("float32")
    )
    given = {"input": sample}
    for layer in model.layers:
        given |= {f"{layer.name}/{place}": value for place, value in enumerate(layer.get_weights())}
    np.savez(folder / "given.npz", **given)
    outputs = model(sample, training=False)
    outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
    names = sorted(layer.name for layer in model.layers if layer.name not in {n.name for n in graph.inputs})
    return model.count_params(), names, [np.asarray(output) for output in outputs]


def small_presets() -> list[tuple[str, Graph, DatasetInfo]]:
    """The architectures whose models are made in a moment."""
    known = {preset.name for preset in architectures()} - set(made.LARGE)
    return [preset for preset in made.presets() if len(preset[1].nodes) < 60 and preset[0] in known]


def run(folder: Path, home: Path) -> dict[str, tuple[int, list[str]]]:
    """What the scripts' models say of themselves, in a fresh process."""
    driver = home / "driver.py"
    driver.write_text(DRIVER, encoding="utf-8")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [sys.executable, str(driver), str(folder)],
        capture_output=True,
        text=True,
        cwd=home,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers: dict[str, tuple[int, list[str]]] = json.loads(done.stdout.strip().split("\n")[-1])
    return answers


def test_that_every_script_gives_the_same_model_in_a_fresh_process(tmp_path: Path) -> None:
    drawings = [*small_presets(), *made.made(), ("shared", made.shared(), made.info((6,)))]
    told = {name: prepared(tmp_path / "scripts" / name, graph, info) for name, graph, info in drawings}
    answers = run(tmp_path / "scripts", tmp_path)
    for name, (params, names, outputs) in told.items():
        inputs = {
            node.name for graph in (drawing for label, drawing, _ in drawings if label == name) for node in graph.inputs
        }
        assert answers[name][0] == params, name
        assert sorted(set(answers[name][1]) - inputs) == names, name
        with np.load(tmp_path / "scripts" / name / "answer.npz") as found:
            for ours, theirs in zip(outputs, found.values(), strict=True):
                assert theirs == pytest.approx(ours, abs=1e-6), name


def kept(layer: dict[str, object], *args: object, **kwargs: object) -> dict[str, object]:
    """The parameters of a block that an import kept whole."""
    definition = json.dumps({"layer": layer, "args": list(args), "kwargs": kwargs})
    return {"kind": layer["class_name"], "why": "a test", "definition": definition}


def operation(word: str, **config: object) -> dict[str, object]:
    """One of Keras's operations, as Keras describes it."""
    return {"module": "keras.src.ops.numpy", "class_name": word, "config": config, "registered_name": word}


def whole() -> list[tuple[str, Graph, DatasetInfo, str]]:
    """Drawings with published models and with what was kept whole, each with what its script must hold."""
    first, second = {"input": 0}, {"input": 1}
    slices = [{"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": None}}
              for start, stop in ((None, None), (1, 3))]  # fmt: skip
    unit = {"module": "keras.layers", "class_name": "LSTM",
            "config": {"name": "unit", "units": 3, "kernel_initializer": {
                "module": "keras.initializers", "class_name": "HeNormal", "config": {"seed": 7}}}}  # fmt: skip
    model = {"module": "keras", "class_name": "Sequential",
             "config": {"name": "inner", "layers": [{"module": "keras.layers", "class_name": "Dense",
                                                     "config": {"name": "d", "units": 2}}]}}  # fmt: skip
    table, pictures = made.info((4, 5)), made.info((32, 32, 3))
    start, end = ("input", "Input", {}), ("output", "Output", {}, "a")
    product = ("a", "Kept", kept(operation("Matmul"), first, second), "input", "turn")
    small = {"alpha": 0.35, "pooling": None}
    return [
        ("get", made.drawing(start, ("a", "Kept", kept(operation("GetItem"), first, slices), "input"), end), table,
         "inputs[:, 1:3]"),
        ("sum", made.drawing(start, ("a", "Kept", kept(operation("Cumsum", axis=1), first), "input"), end), table,
         "keras.ops.cumsum(inputs, axis=1)"),
        ("unit", made.drawing(start, ("a", "Kept", kept(unit, first), "input"), end), table,
         "keras.initializers.HeNormal(seed=7)"),
        ("inner", made.drawing(start, ("a", "Kept", kept(model, first), "input"), end), table,
         "keras.saving.deserialize_keras_object("),
        ("both", made.drawing(start, ("turn", "Permute", {"dims": [2, 1]}, "input"), product, end), table,
         "keras.ops.matmul(inputs, x)"),
        ("net", made.drawing(start, ("a", "MobileNetV2", small, "input"), end), pictures, "MobileNetV2("),
        ("vgg", made.drawing(start, ("r", "RandomFlip", {}, "input"), ("a", "VGG16", {"trainable": False}, "r"), end),
         pictures, "keras.ops.flip("),
        ("v3", made.drawing(start, ("a", "MobileNetV3Small", {"include_top": True, "classes": 3,
                                                             "minimalistic": True}, "input"), end),
         pictures, "layers.Rescaling(255.0"),
    ]  # fmt: skip


def test_that_published_models_and_what_was_kept_whole_are_the_same_in_a_fresh_process(tmp_path: Path) -> None:
    drawings = whole()
    told = {name: prepared(tmp_path / "scripts" / name, graph, info) for name, graph, info, _ in drawings}
    answers = run(tmp_path / "scripts", tmp_path)
    for name, _, _, code in drawings:
        text = (tmp_path / "scripts" / name / "script.py").read_text(encoding="utf-8")
        assert code in text, name
        params, _, outputs = told[name]
        assert answers[name][0] == params, name
        with np.load(tmp_path / "scripts" / name / "answer.npz") as found:
            for ours, theirs in zip(outputs, found.values(), strict=True):
                assert theirs == pytest.approx(ours, abs=1e-6), name


def test_that_a_described_layer_is_read_back() -> None:
    found = {name: (graph, info) for name, graph, info, _ in whole()}
    graph, info = found["inner"]
    again, problems = parse_script(model_script(graph, info))
    assert problems == ()
    before, after = graph.by_id["a"], next(node for node in again.nodes if node.layer == "Kept")
    assert after.params["kind"] == "Sequential"
    told, read = (json.loads(str(node.params["definition"])) for node in (before, after))
    assert read["args"] == told["args"]
    assert read["layer"]["config"]["layers"] == told["layer"]["config"]["layers"]
