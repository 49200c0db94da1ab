"""Finished runs of three kinds of data, and the Evaluate page over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from ui.pages.evaluate import EvaluatePage
from ui.pages.evaluate_words import Answers
from ui.session import Session
from ui.training import Training
from workbench.core.control import RunControl
from workbench.data.dataset import detect, open_dataset
from workbench.project import store as projects
from workbench.project.model import Project
from workbench.project.suggest import suggested_project
from workbench.runs import store

PATIENCE_MS = 60_000
COLORS = ("red", "green", "blue")
CSV = "size,color,weight,kind\n" + "".join(
    f"{row % 17},{COLORS[row % 3]},{row % 11}.5,{('small', 'large')[(row % 17) > 8]}\n" for row in range(120)
)


def trained(source: str | Path, folder: Path, epochs: int, runs: int = 1, **choices: Any) -> Path:
    """A project in a folder with finished runs."""
    from workbench.engine.trainer import train

    dataset = open_dataset(detect(source).model_copy(update=choices))
    project = suggested_project(Project(name="trial"), dataset.spec, dataset.info)
    project = project.model_copy(update={"training": project.training.model_copy(update={"epochs": epochs})})
    projects.create(project, folder)
    for _ in range(runs):
        ended = train(folder, store.new_run(folder, project), lambda event: None, RunControl(), dataset)
        assert ended.outcome == "done", ended.message
    return folder


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained("digits", tmp_path_factory.mktemp("digits") / "project", 1, runs=2)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("table")
    (root / "things.csv").write_text(CSV, encoding="utf-8")
    return trained(root / "things.csv", root / "project", 3)


@pytest.fixture(scope="module")
def diabetes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained("diabetes", tmp_path_factory.mktemp("diabetes") / "project", 2)


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weighed")
    rows = [f"{row % 17},{row % 11}.5,{('small', 'large')[(row * 7 % 17) > 8]}" for row in range(120)]
    (root / "things.csv").write_text("\n".join(["size,weight,kind", *rows]) + "\n", encoding="utf-8")
    return trained(root / "things.csv", root / "project", 3, weight_column="weight")


class Stage:
    """A session, its training and the page over them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.training = Training(self.session)
        self.page = EvaluatePage(self.session, self.training)
        qtbot.addWidget(self.page)
        self.page.resize(1376, 824)
        self.page.show()
        self.page.shown()
        qtbot.waitExposed(self.page)

    def open(self, folder: Path) -> None:
        """Open a project and wait for the evaluation of its newest run."""
        self.session.load_engine()
        assert self.session.open(folder)
        self.until(lambda: self.page.results.state == "ready")

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def click(self, widget: object, pos: QPoint | None = None) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=pos or QPoint())

    def click_cell(self, truth: int, predicted: int) -> None:
        matrix = self.page.classes.matrix
        self.click(matrix, matrix.cell_area((truth, predicted)).center().toPoint())

    def drop(self, path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, buttons, keys)
        self.page.predict.drop.dropEvent(event)

    @property
    def answers(self) -> Answers:
        answers = self.page.classes.samples.answers
        assert answers is not None
        return answers

    @property
    def answer(self) -> str:
        return self.page.predict.answer.number.value

    def close(self) -> None:
        self.training.close()
        self.session.close()
        # pytest keeps this object for a while; the page's plots must go with the page.
        vars(self).clear()


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.close()
