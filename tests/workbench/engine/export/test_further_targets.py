"""A network with a target an output: evaluated, asked, exported in both formats, each answer as inside."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.core.control import RunControl
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec, FurtherTarget, ValueTarget
from workbench.engine.evaluation import evaluate
from workbench.engine.export import export_run
from workbench.engine.export.standalone import compare
from workbench.engine.export.use import predict_export
from workbench.engine.predict import RunPredictor
from workbench.engine.trainer import train
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import store


def shells(folder: Path) -> Path:
    """A table whose three answers have names that a model's outputs may not all have."""
    random = np.random.default_rng(3)
    path = folder / "shells.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "place", "rings", "shell size", "sex"])
        for row in range(150):
            a, b = random.normal(size=2)
            sex = "MFI"[int(a > 0) + int(b > 0.5)]
            size = "" if row == 4 else f"{30 + 3 * a + b:.3f}"
            writer.writerow([f"{a:.3f}", f"{b:.3f}", "NS"[row % 2], f"{9 + 2 * b:.2f}", size, sex])
    return path


def heads() -> Graph:
    """One hidden layer, and a head for each of the three."""
    graph = edits.blank()
    graph, hidden = edits.append(graph, "Dense", {"units": 8, "activation": "relu"})
    graph, _ = edits.append(graph, "Dense", {"units": 1})
    for name, params in (("size", {"units": 1}), ("sex", {"units": 3, "activation": "softmax"})):
        graph, dense = edits.add(graph, "Dense", params)
        graph, output = edits.add(graph, "Output", name=name)
        graph = edits.connect(edits.connect(graph, hidden, dense), dense, output)
    return graph


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Dataset, str]:
    folder = tmp_path_factory.mktemp("shells")
    further = (FurtherTarget(name="sex"), FurtherTarget(name="shell size"))
    spec = DatasetSpec(source="csv", location=str(shells(folder)), target="rings", further=further)
    dataset = open_dataset(spec)
    outputs = {"size": {"target": "shell size"}, "sex": {"target": "sex"}}
    training = TrainingSettings(epochs=3, learning_rate=0.02, outputs=outputs)
    project = Project(name="shells", graph=heads(), dataset=spec, info=dataset.info, training=training)
    plan = store.new_run(folder / "project", project)
    ended = train(folder / "project", plan, lambda event: None, RunControl(), dataset)
    assert ended.outcome == "done", ended
    return folder / "project", dataset, plan.run


def test_that_an_evaluation_tells_the_figures_of_every_target(shop: tuple[Path, Dataset, str]) -> None:
    folder, dataset, run = shop
    found = evaluate(folder, run, dataset=dataset)
    body = found.to_json()
    assert (body["target"], body["classes"], list(body["further"])) == ("rings", [], ["sex", "shell size"])
    sex, size = found.further
    part = dataset.part("test")
    assert sex.classes == ("F", "I", "M")
    assert sex.confusion is not None
    assert sex.metrics["accuracy"] == pytest.approx(float((sex.predictions.argmax(axis=1) == part.further[0]).mean()))
    target = dataset.preparation.further[1]
    assert isinstance(target, ValueTarget)
    assert size.truths == pytest.approx(part.further[1] * target.std + target.mean)
    assert size.metrics["mean_absolute_error"] == pytest.approx(float(np.abs(size.predictions - size.truths).mean()))
    assert [dataset.label(int(found.index[0]), place) for place in (0, 1, 2)] == [
        pytest.approx(float(found.truths[0])),
        sex.classes[sex.truths[0]],
        pytest.approx(float(size.truths[0])),
    ]


@pytest.mark.parametrize("kind", ["saved_model", "keras"])
def test_that_an_export_answers_every_target_as_the_app_does(
    shop: tuple[Path, Dataset, str], tmp_path: Path, kind: str
) -> None:
    folder, dataset, run = shop
    out = tmp_path / ("out" if kind == "saved_model" else "out.keras")
    certificate = export_run(folder, format=kind, out=out, run=run, dataset=dataset)
    assert certificate.verified
    assert set(certificate.further) == {"sex", "shell size"}
    assert certificate.further["shell size"]["tolerance"] > certificate.further["sex"]["tolerance"] == 1e-4
    row = {"a": 0.4, "b": -0.2, "place": "N"}
    (inside,) = (answer.to_json() for answer in RunPredictor(folder, run).predict([row]))
    (outside,) = predict_export(out, [json.dumps(row)])
    assert set(inside) == set(outside) == {"input", "value", "further"}
    assert outside["value"] == pytest.approx(inside["value"], rel=1e-4)
    assert outside["further"]["sex"]["label"] == inside["further"]["sex"]["label"]
    assert outside["further"]["sex"]["probabilities"] == pytest.approx(
        inside["further"]["sex"]["probabilities"], abs=1e-5
    )
    assert outside["further"]["shell size"]["value"] == pytest.approx(
        inside["further"]["shell size"]["value"], rel=1e-4
    )
    assert 20 < outside["further"]["shell size"]["value"] < 40, "in its own unit"


def test_that_the_proof_finds_a_further_answer_that_differs(shop: tuple[Path, Dataset, str], tmp_path: Path) -> None:
    folder, dataset, run = shop
    out = tmp_path / "out"
    export_run(folder, format="saved_model", out=out, run=run, dataset=dataset)
    outputs = json.loads((out / "manifest.json").read_text())["signatures"]["serving_default"]["outputs"]
    assert set(outputs) == {"value", "shell_size_value", "sex_label", "sex_confidence", "sex_probabilities"}

    def judged(**changes: Any) -> dict[str, Any]:
        with np.load(out / "golden.npz") as file:
            stored = dict(file.items())
        path = tmp_path / "changed.npz"
        np.savez(path, **{**stored, **{name: change(stored[name]) for name, change in changes.items()}})
        return compare(out, path)

    assert judged()["agrees"]
    assert not judged(**{"g0.expected.shell_size_value": lambda values: values + 0.1})["agrees"]
    assert not judged(**{"g0.expected.sex_label": lambda values: np.roll(values, 1)})["agrees"]
