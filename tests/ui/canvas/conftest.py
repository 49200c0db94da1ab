"""A real Model page on a small drawing, and a hand that uses the mouse on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.canvas.node_item import HEIGHT, WIDTH
from ui.pages.model import ModelPage
from ui.session import Session
from ui.theme import theme
from workbench.data.spec import DatasetInfo
from workbench.graph.model import Graph, Link, Node
from workbench.project.model import Project

DIGITS = DatasetInfo(
    title="Digits",
    kind="image",
    task="classification",
    input_shape=(8, 8, 1),
    classes=tuple("0123456789"),
    samples=1797,
    train_samples=1258,
    validation_samples=270,
    test_samples=269,
)


def stack(*layers: tuple[str, dict[str, object]]) -> Graph:
    """A stack of layers between input and output; the layers' ids are a, b, c..."""
    inner = [
        Node(id=chr(97 + place), layer=layer, name=f"l{place}", params=params)
        for place, (layer, params) in enumerate(layers)
    ]
    nodes = [Node(id="in", layer="Input", name="input"), *inner, Node(id="out", layer="Output", name="output")]
    links = [Link(source=first.id, target=second.id) for first, second in itertools.pairwise(nodes)]
    return Graph(nodes=tuple(nodes), links=tuple(links))


def chain(graph: Graph) -> list[str]:
    """The ids from the input on, along the first link of each."""
    found, node = ["in"], "in"
    while graph.outgoing[node]:
        node = graph.outgoing[node][0].target
        found.append(node)
    return found


@pytest.fixture
def info() -> DatasetInfo:
    return DIGITS


@pytest.fixture
def restored_theme(qapp: QApplication) -> Iterator[None]:
    """The look is the process's: give it back as it was."""
    mode, sheet, colours = theme().mode, qapp.styleSheet(), qapp.palette()
    tokens = theme().tokens
    yield
    theme().mode, theme().tokens = mode, tokens
    qapp.setStyleSheet(sheet)
    qapp.setPalette(colours)


@pytest.fixture
def drawing() -> Graph:
    return stack(
        ("Flatten", {}),
        ("Dense", {"units": 32}),
        ("Dropout", {"rate": 0.5}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )


@pytest.fixture
def session(drawing: Graph, tmp_path: Path) -> Iterator[Session]:
    session = Session()
    session.start(Project(name="test", info=DIGITS, graph=drawing), tmp_path, draft=True)
    yield session
    session.close()


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ModelPage:
    page = ModelPage(session)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.canvas.animated = False
    page.show()
    page.view.fit()
    page.view.setFocus()
    return page


class Hand:
    """The mouse over a canvas."""

    def __init__(self, page: ModelPage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot
        self.port = page.view.viewport()

    def centre(self, node: str) -> QPoint:
        place = self.page.canvas.nodes[node].pos()
        return self.page.view.mapFromScene(place + QPointF(WIDTH / 2, HEIGHT / 2))

    def between(self, first: str, second: str) -> QPoint:
        edge = self.page.canvas.edges[Link(source=first, target=second)]
        return self.page.view.mapFromScene(edge.middle)

    def press(
        self,
        point: QPoint,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        self.qtbot.mousePress(self.port, button, modifiers, point)

    def move(self, point: QPoint) -> None:
        self.qtbot.mouseMove(self.port, point)

    def release(self, point: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        self.qtbot.mouseRelease(self.port, button, Qt.KeyboardModifier.NoModifier, point)

    def click(self, point: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(point, modifiers)
        self.release(point)

    def drag(self, start: QPoint, end: QPoint) -> None:
        self.press(start)
        self.move(start + (end - start) / 2)
        self.move(end)
        self.release(end)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.page.view, key, modifiers)


@pytest.fixture
def hand(page: ModelPage, qtbot: QtBot) -> Hand:
    return Hand(page, qtbot)


@pytest.fixture
def order(session: Session):
    """The layers' ids as they now stand."""
    return lambda: chain(session.project.graph)
