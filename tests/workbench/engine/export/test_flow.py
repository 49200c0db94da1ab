import contextlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workbench.engine.export.conftest import Trained
from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled, ExportError, FileError, ProjectError, UsageError
from workbench.data.spec import DatasetSpec
from workbench.engine.evaluation import evaluate
from workbench.engine.export import Certificate, export_run
from workbench.engine.predict import RunPredictor, predict_export

LOAD = """
import json, sys
import tensorflow as tf
loaded = tf.saved_model.load(sys.argv[1])
files = [open(path, "rb").read() for path in sys.argv[2:]]
answer = loaded.signatures["serving_default"](image_bytes=tf.constant(files))
print(json.dumps({
    "label": [name.decode() for name in answer["label"].numpy()],
    "probabilities": answer["probabilities"].numpy().tolist(),
    "classes": [name.decode() for name in loaded.signatures["classes"]()["classes"].numpy()],
    "workbench": "workbench" in sys.modules,
}))
"""


@pytest.fixture(scope="module")
def photo_export(photos: Any, tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    out = tmp_path_factory.mktemp("out") / "model"
    return export_run(photos.folder, format="saved_model", out=out, dataset=photos.dataset)


@pytest.fixture(scope="module")
def patient_exports(patients: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Certificate]:
    out = tmp_path_factory.mktemp("out")
    return {
        kind: export_run(patients.folder, format=kind, out=out / kind, dataset=patients.dataset)
        for kind in ("saved_model", "keras")
    }


def close_to(certificate: Certificate) -> bool:
    return (
        certificate.verified
        and certificate.max_abs_diff <= certificate.tolerance
        and certificate.label_agreement == 1.0
        and certificate.samples > 0
    )


def test_that_a_picture_export_gives_the_app_s_answers_from_plain_tensorflow_in_a_fresh_process(
    photos: Any, photo_export: Certificate
) -> None:
    assert close_to(photo_export)
    paths = [photos.dataset.raw_source(index) for index in photos.dataset.golden_indices(8)]
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(photo_export.path), *map(str, paths)], capture_output=True, check=True
    )
    found = json.loads(done.stdout)
    expected = RunPredictor(photos.folder).predict(paths)
    assert found["workbench"] is False
    assert found["classes"] == list(photos.dataset.info.classes) == ["Äpfel", "лес"]
    assert found["label"] == [answer.label for answer in expected]
    np.testing.assert_allclose(
        found["probabilities"], [list(answer.probabilities.values()) for answer in expected], atol=1e-4
    )


def test_that_the_check_that_travels_with_an_export_works_alone(photo_export: Certificate, tmp_path: Path) -> None:
    copy = shutil.copytree(photo_export.path, tmp_path / "elsewhere")
    done = subprocess.run([sys.executable, str(copy / "verify.py"), "--json"], capture_output=True, check=True)
    assert json.loads(done.stdout)["agrees"] is True
    assert json.loads(done.stdout)["samples"] == json.loads((copy / "manifest.json").read_text())["golden"]["samples"]


def test_that_the_manifest_says_what_was_made_of_what(photos: Any, photo_export: Certificate) -> None:
    manifest = json.loads(photo_export.manifest.read_text(encoding="utf-8"))
    assert manifest["run"] == photos.plan.run
    assert manifest["classes"] == ["Äpfel", "лес"]
    assert {"tensorflow", "keras", "keras-workbench", "python"} <= set(manifest["versions"])
    assert manifest["signatures"]["serving_default"]["inputs"] == {"image_bytes": {"dtype": "string", "shape": [None]}}
    assert manifest["verification"]["max_abs_diff"] == photo_export.max_abs_diff
    assert "accuracy" in manifest["metrics"]["test"]
    on_disk = {
        path.relative_to(photo_export.path).as_posix() for path in photo_export.path.rglob("*") if path.is_file()
    }
    assert set(manifest["files"]) == on_disk - {"manifest.json"}
    assert photo_export.size == sum(file["size"] for file in manifest["files"].values())


def test_that_the_certificate_is_worded_as_the_command_line_promises(photo_export: Certificate) -> None:
    body = json.loads(json.dumps(photo_export.to_json()))
    assert {"path", "format", "verified", "max_abs_diff", "label_agreement", "samples", "signatures"} <= set(body)


def test_that_an_export_answers_about_files_as_the_run_does(photos: Any, photo_export: Certificate) -> None:
    paths = [str(photos.dataset.raw_source(index)) for index in photos.dataset.golden_indices(4)]
    expected = RunPredictor(photos.folder).predict([Path(path) for path in paths])
    for given, answer in zip(predict_export(photo_export.path, paths), expected, strict=True):
        assert given["input"] == answer.input
        assert given["label"] == answer.label
        assert given["probabilities"] == pytest.approx(answer.probabilities, abs=1e-5)


@pytest.mark.parametrize("kind", ["saved_model", "keras"])
def test_that_rows_with_missing_values_and_odd_names_are_answered_as_in_the_app(
    patients: Any, patient_exports: dict[str, Certificate], kind: str
) -> None:
    certificate = patient_exports[kind]
    assert close_to(certificate)
    row = {"age (years)": 61, "class": "b ü", "blood pressure": None, "größe": "171.5"}
    (expected,) = RunPredictor(patients.folder).predict([row])
    (given,) = predict_export(certificate.path, [json.dumps(row)])
    assert given["label"] == expected.label
    assert given["probabilities"] == pytest.approx(expected.probabilities, abs=1e-5)
    assert sum(given["probabilities"].values()) == pytest.approx(1.0)


def test_that_a_whole_csv_is_answered_row_by_row(patients: Any, patient_exports: dict[str, Certificate]) -> None:
    answers = predict_export(patient_exports["saved_model"].path, [patients.dataset.spec.location])
    assert len(answers) == 120
    assert {answer["label"] for answer in answers} <= {"yes", "no"}


def test_that_an_export_changed_since_is_not_opened(patient_exports: dict[str, Certificate], tmp_path: Path) -> None:
    copy = shutil.copytree(patient_exports["saved_model"].path, tmp_path / "copy")
    (copy / "golden.npz").unlink()
    assert predict_export(copy, ['{"age (years)": 61, "class": "a", "blood pressure": 1, "größe": 2}'])
    (copy / "saved_model.pb").write_bytes(b"other")
    with pytest.raises(ExportError, match=r"saved_model\.pb"):
        predict_export(copy, ["{}"])


def test_that_the_model_of_a_stranger_is_refused_with_the_reason(
    patient_exports: dict[str, Certificate], tmp_path: Path
) -> None:
    copy = shutil.copytree(patient_exports["saved_model"].path, tmp_path / "copy")
    (copy / "manifest.json").unlink()
    alone = shutil.copy(patient_exports["keras"].path, tmp_path / "alone.keras")
    for path in (copy, Path(alone)):
        with pytest.raises(ExportError, match="can run whatever is in it"):
            predict_export(path, ["{}"])
    with pytest.raises(ExportError, match="there is no"):
        predict_export(tmp_path / "missing", ["{}"])


def test_that_a_keras_export_opens_with_keras_alone_and_keeps_its_class_names_beside_it(
    patient_exports: dict[str, Certificate],
) -> None:
    certificate = patient_exports["keras"]
    assert certificate.path.suffix == ".keras"
    assert certificate.manifest.name == "keras.manifest.json"
    assert json.loads(certificate.manifest.read_text())["classes"] == ["no", "yes"]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, keras; print(list(keras.saving.load_model(sys.argv[1]).output))",
            certificate.path,
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    assert "probabilities" in done.stdout


def test_that_values_come_out_in_the_target_s_own_unit(diabetes: Any, tmp_path: Path) -> None:
    certificate = export_run(diabetes.folder, format="saved_model", out=tmp_path / "m", dataset=diabetes.dataset)
    assert close_to(certificate)
    row = diabetes.dataset.raw(3)
    (expected,) = RunPredictor(diabetes.folder).predict([row])
    (given,) = predict_export(certificate.path, [json.dumps(row)])
    assert given["value"] == pytest.approx(expected.value, rel=1e-5)
    assert 20 < given["value"] < 400


def test_that_whole_number_sequences_are_exported(arrays: Callable[..., Any], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    made = arrays(rng.integers(0, 50, (80, 6)), rng.integers(0, 3, 80))
    certificate = export_run(made.folder, format="keras", out=tmp_path / "m.keras")
    assert close_to(certificate)
    assert predict_export(certificate.path, ["[1, 2, 3, 4, 5, 6]"])[0]["label"] in {"0", "1", "2"}


def test_that_an_export_that_answers_otherwise_is_not_kept(arrays: Callable[..., Any], tmp_path: Path) -> None:
    # The app scales these in 64 bits; a float32 input cannot tell them apart.
    rng = np.random.default_rng(0)
    made = arrays(1e9 + rng.normal(0, 1, (80, 5)), np.arange(80) % 2)
    out = tmp_path / "m"
    with pytest.raises(ExportError, match="must answer as the app does"):
        export_run(made.folder, format="saved_model", out=out, dataset=made.dataset)
    assert list(tmp_path.iterdir()) == []


def test_that_a_cancel_ends_the_export_and_leaves_the_old_one(digits: Any, tmp_path: Path) -> None:
    token = CancelToken()

    def progress(fraction: float | None, words: str) -> None:
        if words == "Writing the model":
            token.stop()

    before = threading.active_count()
    with pytest.raises(Cancelled):
        export_run(
            digits.folder,
            format="saved_model",
            out=tmp_path / "m",
            dataset=digits.dataset,
            progress=progress,
            cancel=token,
        )
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == before


def test_that_an_unwritable_place_is_a_plain_message(digits: Any) -> None:
    with pytest.raises(FileError, match="could not be written"):
        export_run(digits.folder, format="saved_model", out=Path("/proc/nowhere/m"), dataset=digits.dataset)


def test_that_an_unknown_format_is_refused_with_those_there_are(digits: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="saved_model, keras"):
        export_run(digits.folder, format="pickle", out=tmp_path / "m")


def test_that_a_project_without_a_run_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="Train it first"):
        export_run(tmp_path, format="saved_model", out=tmp_path / "m")


def test_that_the_data_are_opened_when_others_are_at_hand(digits: Any, diabetes: Any, tmp_path: Path) -> None:
    words: list[str] = []
    with contextlib.suppress(Cancelled):
        token = CancelToken()

        def progress(fraction: float | None, said: str) -> None:
            words.append(said)
            if said == "Gathering samples for the proof":
                token.stop()

        export_run(
            digits.folder, format="keras", out=tmp_path / "m", dataset=diabetes.dataset, progress=progress, cancel=token
        )
    assert "Parting the samples" in words


def test_that_the_manifest_weighs_the_samples_as_an_evaluation_does(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    rows = [f"{random.normal():.3f},{random.exponential():.3f},{'yn'[random.integers(2)]}" for _ in range(120)]
    (tmp_path / "survey.csv").write_text("\n".join(["a,weight,answer", *rows]) + "\n", encoding="utf-8")
    spec = DatasetSpec(source="csv", location=str(tmp_path / "survey.csv"), target="answer", weight_column="weight")
    survey = Trained(tmp_path / "project", spec, epochs=1)
    certificate = export_run(
        survey.folder, format="keras", out=tmp_path / "out" / "model.keras", dataset=survey.dataset
    )
    assert certificate.verified
    told = json.loads(certificate.manifest.read_text(encoding="utf-8"))["metrics"]["test"]
    found = evaluate(survey.folder, dataset=survey.dataset)
    assert told == pytest.approx(found.metrics, rel=1e-4)
    assert told["loss"] != pytest.approx(found.unweighted["loss"], rel=1e-3)
