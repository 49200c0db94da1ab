"""A Model page without a window round it, on digits and a small convolutional network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ui.pages.model import ModelPage
from ui.session import Session
from workbench.data.spec import DatasetInfo
from workbench.graph import edits
from workbench.project.model import Project

STACK = (
    ("Conv2D", {"filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"}),
    ("MaxPooling2D", {"pool_size": 2}),
    ("Dropout", {"rate": 0.25}),
    ("Flatten", {}),
    ("Dense", {"units": 64, "activation": "relu"}),
    ("Dropout", {"rate": 0.5}),
    ("Dense", {"units": 10, "activation": "softmax"}),
)
LEFT = Qt.MouseButton.LeftButton


def digits(**changes) -> DatasetInfo:
    found = {
        "title": "Digits",
        "kind": "image",
        "task": "classification",
        "input_shape": (8, 8, 1),
        "classes": tuple("0123456789"),
        "samples": 1797,
        "train_samples": 1258,
        "validation_samples": 270,
        "test_samples": 269,
    }
    return DatasetInfo(**(found | changes))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = Session()
    session.start(Project(name="test"), tmp_path, draft=True)
    yield session
    session.close()


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ModelPage:
    page = ModelPage(session)
    qtbot.addWidget(page)
    page.resize(1300, 850)
    page.canvas.animated = False
    page.show()
    page.shown()
    return page


@pytest.fixture
def drawn(page: ModelPage, session: Session, tmp_path: Path) -> ModelPage:
    """The page with digits and a small convolutional network."""
    graph = edits.blank()
    for layer, params in STACK:
        graph, _ = edits.append(graph, layer, params)
    session.start(Project(name="test", info=digits(), graph=graph), tmp_path, draft=True)
    return page


def pick(session: Session, info: DatasetInfo) -> None:
    session.do("Pick data", lambda project: project.model_copy(update={"info": info}))


def node_of(session: Session, layer: str) -> str:
    return session.project.graph.of_layer(layer)[0].id


def type_in(qtbot: QtBot, page: ModelPage, field: str, text: str) -> None:
    line = page.inspector.findChild(QLineEdit, field)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
