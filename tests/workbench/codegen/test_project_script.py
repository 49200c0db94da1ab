"""Whole projects as scripts, run where this program cannot be imported: the same samples, prepared the same way."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.workbench.codegen.test_model_script import formatted
from workbench.codegen.printer import flat
from workbench.codegen.project import project_script
from workbench.core.errors import UsageError
from workbench.data.dataset import Dataset, detect, open_dataset
from workbench.data.encode import model_input
from workbench.data.spec import DatasetSpec, FurtherTarget
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.suggest import suggest
from workbench.project.training import EarlyStopping, Phase, Schedule, TrainingSettings
from workbench.project.weights import class_weights

PARTS = ("train", "validation", "test")
DRIVER = """
import json, os, pathlib, runpy, sys
import numpy as np
sys.modules["workbench"] = None
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    os.chdir(folder)
    left = runpy.run_path("script.py")
    names = [f"{n}_{p}" for n in "xyw" for p in ("train", "validation", "test")]
    np.savez("answer.npz", **{name: left[name] for name in names if name in left})
"""


def table(folder: Path) -> Path:
    """A CSV with gaps, categories, a text among numbers, decimal commas and rows without an answer."""
    rng = np.random.default_rng(5)
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["age", "town", "height", "note 10", "income", "kind"])
        for row in range(160):
            age = "" if row % 9 == 0 else str(rng.integers(18, 80))
            town = ["Ulm", " Bonn", "Köln", "?", 'Bad "X"; Y'][rng.integers(5)]
            height = f"{rng.normal(1.7, 0.1):.2f}".replace(".", ",")
            note = ["a2", "a10", "a1"][rng.integers(3)]
            income = "unknown" if row == 7 else f"{rng.normal(1000, 300):.1f}"
            writer.writerow([age, town, height, note, income, "" if row == 20 else ["yes", "no", "maybe"][row % 3]])
    return path


def survey(folder: Path) -> Path:
    """A CSV whose rows count differently, with decimal commas."""
    rng = np.random.default_rng(7)
    path = folder / "survey.csv"
    kinds = ["ab"[row % 5 > 1] if row != 9 else "" for row in range(90)]
    rows = [f"{rng.normal():.3f};{str(round(rng.exponential(), 2)).replace('.', ',')};{kind}" for kind in kinds]
    path.write_text("\n".join(["age;importance;kind", *rows]) + "\n", encoding="utf-8")
    return path


def pictures(folder: Path) -> Path:
    """Colour pictures of several sizes in class folders, a broken one and a stranger among them."""
    rng = np.random.default_rng(6)
    root = folder / "pictures"
    for label in ("class 2", "class 10"):
        (root / label / "inner").mkdir(parents=True)
        for number in range(12):
            size = (20 + number % 3, 24, 3)
            image = Image.fromarray(rng.integers(0, 256, size).astype(np.uint8))
            image.save(root / label / ("inner" if number == 3 else "") / f"{number}.png")
    (root / "class 2" / "broken.png").write_bytes(b"\\x89PNG\\r\\n\\x1a\\nnothing")
    (root / "class 2" / "notes.txt").write_text("no picture")
    return root


def project(spec: DatasetSpec, **settings: object) -> tuple[Project, Dataset]:
    dataset = open_dataset(spec)
    graph, _ = suggest(dataset.info)
    training = TrainingSettings.model_validate({"epochs": 1, **settings})
    return Project(name="made", dataset=dataset.spec, info=dataset.info, graph=graph, training=training), dataset


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Project, Dataset]]:
    folder = tmp_path_factory.mktemp("sources")
    return {
        "digits": project(detect("digits"), batch_size=128),
        "iris": project(
            detect("iris"),
            optimizer="nadam",
            optimizer_params={"beta_1": 0.8},
            loss="categorical_crossentropy",
            loss_params={"label_smoothing": 0.1},
            metrics=["accuracy", "f1_score", "mean_iou", "fbeta_score"],
            metric_params={"fbeta_score": {"beta": 2.0}},
            schedule={"name": "cosine_decay", "warmup_epochs": 0.5},
            gradients={"clip": "global_norm", "accumulate": 2},
            averaging={"enabled": True},
            class_weights="balanced",
            reduce_on_plateau={"enabled": True},
        ),
        "csv": project(detect(table(folder), "kind"), early_stopping=EarlyStopping(enabled=False)),
        "survey": project(
            detect(survey(folder)).model_copy(update={"weight_column": "importance"}), class_weights="balanced"
        ),
        "several": project(
            detect(table(folder), "income").model_copy(
                update={"further": (FurtherTarget(name="kind"), FurtherTarget(name="height"))}
            ),
            outputs={"kind": {"target": "kind", "weight": 0.5}, "height": {"target": "height"}},
        ),
        "diabetes": project(
            detect("diabetes"),
            optimizer="adamw",
            loss="mean_squared_logarithmic_error",
            reduce_on_plateau={"enabled": True, "cooldown": 1},
            early_stopping={"start_from_epoch": 2},
            jit="off",
        ),
        "wine": project(
            detect("wine"),
            phases=[{"epochs": 1, "frozen": ["dense"]}, {"epochs": 1, "learning_rate": 0.0001}, {"epochs": 1}],
            schedule={"name": "cosine_decay", "warmup_epochs": 0.5},
            checkpoints={"monitor": "val_accuracy"},
            early_stopping={"monitor": "val_accuracy"},
            precision="mixed_float16",
            gradients={"loss_scale": 128},
            deterministic=True,
        ),
        "pictures": project(detect(pictures(folder)).model_copy(update={"height": 16, "width": 16})),
    }


def test_that_whole_scripts_train_on_the_same_prepared_samples(
    projects: dict[str, tuple[Project, Dataset]], tmp_path: Path
) -> None:
    for name, (made, _) in projects.items():
        (tmp_path / "scripts" / name).mkdir(parents=True)
        (tmp_path / "scripts" / name / "script.py").write_text(project_script(made), encoding="utf-8")
    (tmp_path / "driver.py").write_text(DRIVER, encoding="utf-8")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-W", "error::SyntaxWarning", str(tmp_path / "driver.py"), str(tmp_path / "scripts")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    weighed: list[str] = []
    for name, (made, dataset) in projects.items():
        folder = tmp_path / "scripts" / name
        with np.load(folder / "answer.npz") as answer:
            for part in PARTS:
                ours = dataset.part(part)
                assert answer[f"x_{part}"] == pytest.approx(model_input(dataset.preparation, ours.x), abs=1e-6), name
                answers = np.stack(ours.answers, axis=1) if ours.further else ours.y
                assert answer[f"y_{part}"] == pytest.approx(answers, abs=1e-6), name
            if "w_train" in answer:
                weights = class_weights(made.training, dataset.info.classes, dataset.part("train").y)
                assert weights is not None
                counted = dataset.part("train").weight * weights[dataset.part("train").y]
                assert answer["w_train"] == pytest.approx(counted, rel=1e-5)
                assert answer["w_validation"] == pytest.approx(dataset.part("validation").weight)
                weighed.append(name)
        assert (folder / "model.keras").is_file()
        assert (folder / "saved_model" / "saved_model.pb").is_file()
    assert weighed == ["survey"]
    assert done.stdout.count("Test: accuracy") == 6
    assert "Test: mean absolute error" in done.stdout


def test_that_whole_scripts_stand_as_the_formatter_would_put_them(projects: dict[str, tuple[Project, Dataset]]) -> None:
    for name, (made, _) in projects.items():
        assert formatted(project_script(made)) == project_script(made), name


def test_that_the_model_of_a_whole_script_can_be_read_back(projects: dict[str, tuple[Project, Dataset]]) -> None:
    from workbench.codegen.parse import parse_script
    from workbench.graph.diff import compare

    for name, (made, _) in projects.items():
        graph, _ = parse_script(project_script(made))
        assert compare(made.graph, graph).lines() == [], name


def test_that_a_whole_script_needs_data() -> None:
    with pytest.raises(UsageError, match="data"):
        project_script(Project())


def test_that_a_whole_script_names_every_setting_of_the_plan_or_says_that_it_is_missing(
    projects: dict[str, tuple[Project, Dataset]],
) -> None:
    iris = " ".join(project_script(projects["iris"][0]).split())
    for words in (
        "WarmUp( 0.001, 2, ",
        "keras.optimizers.schedules.CosineDecay",
        "beta_1=0.8",
        "global_clipnorm=1.0",
        "gradient_accumulation_steps=2",
        "use_ema=True",
        "SwapEMAWeights",
        "label_smoothing=0.1",
        "class_weight=class_weight",
        "beta=2.0",
        "Lowering the learning rate on a plateau is left out",
        "other targets than the loss: Mean IoU.",
    ):
        assert words in iris, words
    assert "ReduceLROnPlateau" not in iris
    diabetes = project_script(projects["diabetes"][0])
    for words in ("loss=in_own_unit", "cooldown=1", "start_from_epoch=2", "jit_compile=False", "ReduceLROnPlateau"):
        assert words in diabetes, words


def test_that_a_whole_script_trains_in_stages(projects: dict[str, tuple[Project, Dataset]]) -> None:
    wine = " ".join(project_script(projects["wine"][0]).split())
    for words in (
        'STAGES = [(0, None, ["dense"]), (1, None, []), (2, None, [])]',
        "EPOCHS = 3",
        "callbacks=[ Stages(),",
        "PiecewiseConstantDecay( [3, 7, 11], [1.0, 0.1, 1.0, 1.0]",
        'monitor="val_accuracy"',
        'EarlyStopping("val_accuracy", patience=10, mode="max")',
        "auto_scale_loss=False",
        "The run takes deterministic operations only",
    ):
        assert words in wine, words


@pytest.mark.parametrize("schedule", [None, "cosine_decay"])
def test_that_stages_freeze_thaw_and_set_the_rate_as_a_run_does(schedule: str | None) -> None:
    import keras

    from workbench.codegen import stages
    from workbench.project.rates import learning_rate_at

    keras.utils.set_random_seed(0)
    graph = edits.blank()
    for units in (4, 3):
        graph, _ = edits.append(graph, "Dense", {"units": units})
    settings = TrainingSettings(
        phases=(
            Phase(epochs=2, frozen=("dense",)),
            Phase(epochs=2, learning_rate=0.0001, frozen=("dense_1",)),
            Phase(epochs=2),
        ),
        schedule=Schedule(name=schedule) if schedule else Schedule(),
    )
    steps, space = 5, {"keras": keras}
    exec("\n".join([*stages.constant(settings, graph), *stages.functions(settings)]), space)
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(4, name="dense"), keras.layers.Dense(3, name="dense_1")]
    )
    rate: Any = settings.learning_rate
    if schedule:
        rate = keras.optimizers.schedules.CosineDecay(rate, steps * settings.total_epochs)
        made = flat(stages.scaled("rate", settings, steps))
        rate = eval(made, space | {"rate": rate})
    model.compile(keras.optimizers.Adam(rate), "mse")
    seen: list[tuple[list[bool], float]] = []
    before = [layer.kernel.numpy() for layer in model.layers]

    def look(epoch: int, logs: Any = None) -> None:
        now = [layer.kernel.numpy() for layer in model.layers]
        moved = [bool((one != other).any()) for one, other in zip(before, now, strict=True)]
        before[:] = now
        seen.append((moved, float(model.optimizer.learning_rate)))

    x = np.random.default_rng(0).normal(size=(20, 3)).astype("float32")
    callbacks = [space["Stages"](), keras.callbacks.LambdaCallback(on_epoch_end=look)]  # type: ignore[operator]
    model.fit(x, x, batch_size=4, epochs=settings.total_epochs, verbose=0, callbacks=callbacks)
    assert [moved for moved, _ in seen] == [[False, True]] * 2 + [[True, False]] * 2 + [[True, True]] * 2
    # After an epoch the optimizer stands at the first step of the next one; a callback sets that one's rate later.
    wanted = [learning_rate_at(settings, steps, steps * (epoch + 1) - (not schedule)) for epoch in range(6)]
    if schedule:
        wanted[-1] = 0.0
    assert [rate for _, rate in seen] == pytest.approx(wanted, rel=1e-5, abs=1e-12)
    assert int(model.optimizer.iterations) == steps * settings.total_epochs


def test_that_a_whole_script_weighs_its_samples(projects: dict[str, tuple[Project, Dataset]]) -> None:
    script = project_script(projects["survey"][0])
    for words in (
        "weighted_metrics=",
        "Batches(x_train, y_train, w_train)",
        "Class weights count in the training's",
        "mean = np.average(predicted == y_test, weights=w_test)",
    ):
        assert words in script, words
    assert "class_weight=class_weight" not in script, "Keras takes one of the two"
    assert "weighted_metrics" not in project_script(projects["iris"][0])


def test_that_words_stand_for_classes_that_keras_finds_by_them() -> None:
    import keras

    from workbench.catalog.objects import objects
    from workbench.codegen.fitting import WORDLESS

    for kind, module in (("losses", keras.losses), ("metrics", keras.metrics)):
        for spec in objects(kind):
            if spec.name not in WORDLESS and not any(param.required for param in spec.params):
                assert spec.name == "accuracy" or module.get(spec.name) is not None
