"""The Deploy page with a real run and real exports, by its button."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ui.pages.deploy import DeployPage
from ui.pages.deploy_certificate import bytes_in_words
from ui.pages.deploy_facts import ExportFacts, list_exports, read_facts
from ui.pages.deploy_snippet import Sample, command_line, python_code, sample_of
from ui.session import Session
from ui.training import Training
from workbench.catalog.formats import FORMATS, FormatSpec
from workbench.core.control import RunControl
from workbench.data.dataset import open_dataset
from workbench.project import presets
from workbench.project import store as projects
from workbench.runs import store

PATIENCE_MS = 180_000


def trained(folder: Path, preset: str) -> Path:
    """A project with one short run."""
    from workbench.engine.trainer import train

    project = presets.preset(preset).project
    assert project.dataset is not None
    dataset = open_dataset(project.dataset)
    settings = project.training.model_copy(update={"epochs": 1})
    project = presets.with_data(project, dataset.spec, dataset.info).model_copy(update={"training": settings})
    projects.create(project, folder)
    ended = train(folder, store.new_run(folder, project), lambda event: None, RunControl(), dataset)
    assert ended.outcome == "done", ended.message
    return folder


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("projects") / "digits", "digits-mlp")


class Stage:
    """The page over a session."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.training = Training(self.session)
        self.page = DeployPage(self.session, self.training)
        qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        self.page.show()
        qtbot.waitExposed(self.page)

    def open(self, folder: Path) -> None:
        assert self.session.open(folder)
        self.qtbot.waitUntil(lambda: self.session.dataset is not None, timeout=PATIENCE_MS)

    def export_to(self, path: Path | None) -> None:
        """Press Export, choose that path, and wait for the end."""
        self.asked: list[tuple[FormatSpec, Path]] = []

        def choose(spec: FormatSpec, suggestion: Path) -> Path | None:
            self.asked.append((spec, suggestion))
            return path

        self.page.choose_path = choose
        self.qtbot.mouseClick(self.page.button, Qt.MouseButton.LeftButton)

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.page.is_exporting, timeout=PATIENCE_MS)


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    stage = Stage(qtbot)
    yield stage
    stage.training.close()
    stage.session.close()


def test_that_without_a_run_the_page_leads_to_train(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    wanted: list[str] = []
    stage.session.page_wanted.connect(wanted.append)
    assert stage.page.middle.currentWidget() is stage.page.empty
    projects.create(presets.preset("digits-mlp").project, tmp_path / "fresh")
    stage.session.open(tmp_path / "fresh")
    assert stage.page.empty.title.text() == "There is no trained run yet"
    assert not stage.page.button.isEnabled()
    assert stage.page.empty.button is not None
    qtbot.mouseClick(stage.page.empty.button, Qt.MouseButton.LeftButton)
    assert wanted == ["train"]


def test_that_an_export_is_made_proved_and_listed(stage: Stage, qtbot: QtBot, digits: Path, tmp_path: Path) -> None:
    stage.open(digits)
    out = tmp_path / "model"
    stage.export_to(out)
    assert stage.page.progress.isVisible()
    assert not stage.page.button.isEnabled()
    assert stage.page.dot == "running"
    stage.wait()
    certificate = stage.page.certificate
    assert certificate.verified, certificate.words.text()
    facts = certificate.facts
    assert facts is not None
    assert facts.path == out
    assert facts.samples > 0
    assert facts.max_abs_diff < 1e-4
    assert certificate.figures["agreement"][0].text() == "100.00%"
    assert str(facts.samples) == certificate.figures["samples"][0].text()
    assert list_exports(digits)[0].path == out
    qtbot.mouseClick(certificate.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == str(out)
    code = stage.page.code
    qtbot.mouseClick(code.copy_button, Qt.MouseButton.LeftButton)
    assert f"tf.saved_model.load({str(out)!r})" in QGuiApplication.clipboard().text()
    code.tabs.setCurrentIndex(1)
    qtbot.mouseClick(code.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith(f"workbench predict {out}")
    certificate.hide()
    qtbot.mouseClick(stage.page.earlier.cards[0], Qt.MouseButton.LeftButton)
    assert certificate.isVisible()
    assert stage.page.button.isEnabled()


def test_that_no_path_means_no_export(stage: Stage, digits: Path) -> None:
    stage.open(digits)
    stage.page.formats.choose(FORMATS[1])
    stage.export_to(None)
    assert not stage.page.is_exporting
    assert [spec.name for spec, _ in stage.asked] == ["keras"]
    assert stage.asked[0][1].suffix == ".keras"


def test_that_an_export_that_is_cancelled_leaves_nothing(
    stage: Stage, qtbot: QtBot, digits: Path, tmp_path: Path
) -> None:
    stage.open(digits)
    out = tmp_path / "exports" / "model"
    stage.export_to(out)
    qtbot.mouseClick(stage.page.progress.cancel_button, Qt.MouseButton.LeftButton)
    stage.wait()
    assert not out.exists()
    assert stage.page.certificate.isHidden()
    assert stage.page.button.isEnabled()


def test_that_a_failed_export_says_why(stage: Stage, digits: Path, tmp_path: Path) -> None:
    stage.open(digits)
    taken = tmp_path / "precious"
    taken.mkdir()
    (taken / "thesis.txt").write_text("years of work")
    stage.export_to(taken)
    stage.wait()
    certificate = stage.page.certificate
    assert certificate.isVisible()
    assert not certificate.verified
    assert "precious" in certificate.words.text()
    assert (taken / "thesis.txt").read_text() == "years of work"


def facts_of(form: int, kind: str, task: str, **more: object) -> ExportFacts:
    base = {"path": Path("/exports/my model"), "manifest": Path("/exports/m.json"), "form": FORMATS[form]}
    base |= {"run": "run-001", "created": "2026-01-01T00:00:00+00:00", "max_abs_diff": 0.0, "label_agreement": 1.0}
    return ExportFacts(**{**base, "samples": 1, "size": 1, "kind": kind, "task": task, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("kind", ["image", "table", "array"])
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_that_the_code_is_python_and_names_the_user_s_own_things(form: int, kind: str, task: str) -> None:
    export = facts_of(form, kind, task, classes=("a", "b"), columns={"Age (years)": "Age__years_", "sex": "sex"})
    sample = Sample("/pictures/my cat.jpg", {"Age (years)": 41.0, "sex": None})
    code = python_code(export, sample)
    compile(code, "snippet", "exec")
    assert "/exports/my model" in code
    words = shlex.split(command_line(export, sample))
    assert words[:3] == ["workbench", "predict", "/exports/my model"]
    if kind == "image":
        assert "/pictures/my cat.jpg" in code
        assert words[3] == "/pictures/my cat.jpg"
    if kind == "table":
        assert "'Age__years_'" in code
        assert words[3] == '{"Age (years)": 41.0, "sex": null}'


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_that_the_code_that_is_shown_answers_in_a_fresh_process(stage: Stage, form: FormatSpec, tmp_path: Path) -> None:
    folder = trained(tmp_path / "wine", "wine-mlp")
    stage.open(folder)
    stage.page.formats.choose(form)
    stage.export_to(tmp_path / f"model{form.suffix}")
    stage.wait()
    facts = stage.page.certificate.facts
    assert facts is not None, stage.page.certificate.words.text()
    code = python_code(facts, sample_of(stage.session.project.info))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines()[-1].split()[0] in facts.classes


def test_that_an_export_without_a_whole_manifest_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('{"format": "saved_model"}')
    assert read_facts(tmp_path, tmp_path / "m.json") is None
    assert list_exports(tmp_path) == []


@pytest.mark.parametrize("before", ["sex_", '"]); print("not asked for")'])
def test_that_what_a_strangers_manifest_says_becomes_no_code(tmp_path: Path, before: str) -> None:
    manifest = {
        "format": "keras", "run": "run-001", "created": "", "classes": ["a"], "files": {}, "data": None,
        "verification": {"verified": True, "max_abs_diff": 0, "label_agreement": 1, "samples": 1},
        "further": [{"answers_begin_with": before, "classes": []}],
    }  # fmt: skip
    (tmp_path / "m.json").write_text(json.dumps(manifest))
    facts = read_facts(tmp_path, tmp_path / "m.json")
    assert (facts is not None) is before.isidentifier()


@pytest.mark.parametrize(("size", "words"), [(999, "999 bytes"), (12_400, "12.4 kB"), (3_100_000, "3.1 MB")])
def test_that_sizes_are_told_in_words(size: int, words: str) -> None:
    assert bytes_in_words(size) == words
