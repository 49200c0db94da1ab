"""Networks that are no stack, drawn with the mouse and the keyboard in the real window, and trained for an epoch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ui.canvas.node_item import HEIGHT, WIDTH
from ui.main_window import USUAL_SIZE, MainWindow
from ui.pages.model import ModelPage
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.graph.model import Graph, Link
from workbench.project.model import Project

PATIENCE_MS = 60_000
LEFT = Qt.MouseButton.LeftButton


class Drawer:
    """Somebody at the Model page: clicks nodes, types layers' names, drags wires, fills in fields."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window, self.session = qtbot, window, window.session
        page = window.pages["model"]
        assert isinstance(page, ModelPage)
        self.page, self.view = page, page.view

    @property
    def graph(self) -> Graph:
        return self.session.project.graph

    def begin(self, folder: Path, spec: DatasetSpec) -> None:
        """Have data picked and nothing drawn."""
        project = Project(name="drawn", dataset=spec, graph=edits.blank())
        self.session.start(project, folder, draft=True)
        self.qtbot.waitUntil(lambda: self.session.dataset is not None, timeout=PATIENCE_MS)
        self.session.edit_graph("Draw nothing", lambda _: edits.blank())
        self.qtbot.keyClick(self.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.waitUntil(self.page.isVisible)

    def node(self, layer: str) -> str:
        """The newest node of a layer."""
        return self.graph.of_layer(layer)[-1].id

    def click(self, node: str) -> None:
        self.view.fit()
        place = self.view.mapFromScene(self.page.canvas.nodes[node].mapToScene(WIDTH / 2, HEIGHT / 2))
        self.qtbot.mouseClick(self.view.viewport(), LEFT, pos=place)
        assert self.page.canvas.selection() == [node]

    def add(self, layer: str, *, behind: str = "") -> str:
        """Type the layer's name on the canvas and press Enter."""
        if behind:
            self.click(behind)
        before = set(self.graph.by_id)
        self.qtbot.keyClick(self.view, layer[0].lower())
        self.qtbot.keyClicks(self.view.quick_add.search, layer[1:])
        self.qtbot.keyClick(self.view.quick_add.search, Qt.Key.Key_Return)
        (new,) = set(self.graph.by_id) - before
        assert self.graph.by_id[new].layer == layer
        return new

    def wire(self, source: str, target: str, port: str = "input") -> None:
        """Drag from a node's output to another's input."""
        self.view.fit()
        first, last = self.page.canvas.nodes[source], self.page.canvas.nodes[target]
        start, end = self.view.mapFromScene(first.exit), self.view.mapFromScene(last.entry_of(port))
        viewport = self.view.viewport()
        self.qtbot.mousePress(viewport, LEFT, pos=start)
        for step in range(1, 6):
            self.qtbot.mouseMove(viewport, start + (end - start) * step / 5)
        self.qtbot.mouseRelease(viewport, LEFT, pos=end)
        assert any(link.target == target for link in self.graph.outgoing[source])

    def set(self, field: str, value: str) -> None:
        """Type into a field of the inspector."""
        line = self.page.inspector.findChild(QLineEdit, f"field_{field}")
        self.qtbot.mouseClick(line, LEFT)
        line.selectAll()
        self.qtbot.keyClicks(line, value)
        self.view.setFocus()

    def choose(self, field: str, value: str) -> None:
        """Pick in a field of the inspector, by typing the value's letters."""
        combo = self.page.inspector.findChild(QComboBox, f"field_{field}")
        combo.setFocus()
        self.qtbot.keyClicks(combo, value)
        assert combo.currentText() == value
        combo.activated.emit(combo.currentIndex())
        self.view.setFocus()

    def untick(self, names: list[str]) -> None:
        """Take columns away from an Input."""
        for name in names:
            box = self.page.inspector.findChild(QCheckBox, f"field_columns_{name}")
            self.qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))

    def repair(self) -> None:
        """Press the button that the header offers."""
        self.qtbot.waitUntil(lambda: self.session.report is not None, timeout=PATIENCE_MS)
        button = self.page.header.findChild(QPushButton, "fix_button")
        self.qtbot.waitUntil(button.isVisible, timeout=PATIENCE_MS)
        self.qtbot.mouseClick(button, LEFT)

    def ready(self) -> None:
        """Wait until the header says that nothing is missing."""
        self.qtbot.waitUntil(lambda: self.page.facts.ready, timeout=PATIENCE_MS)

    def train(self) -> None:
        """Train for an epoch, by the page's own fields and button."""
        self.qtbot.keyClick(self.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        page = self.window.pages["train"]
        line = page.findChild(QLineEdit, "field_epochs")
        self.qtbot.mouseClick(line, LEFT)
        line.selectAll()
        self.qtbot.keyClicks(line, "1")
        self.qtbot.mouseClick(page.findChild(QPushButton, "train_button"), LEFT)
        training = self.window.training
        self.qtbot.waitUntil(lambda: bool(training.runs()) and training.state == "idle", timeout=PATIENCE_MS)
        record = training.runs()[-1]
        assert record.outcome == "done", record.message
        assert np.isfinite(record.metrics["val_loss"])


@pytest.fixture
def draw(qtbot: QtBot) -> Iterator[Drawer]:
    window = MainWindow()
    window.resize(USUAL_SIZE)  # the offscreen screen is small
    window.show()
    qtbot.waitExposed(window)
    window.session.load_engine()
    drawer = Drawer(qtbot, window)
    drawer.page.canvas.animated = False
    yield drawer
    window.session.forget_changes()
    window.close()
    window.deleteLater()


def arrays(folder: Path, x: np.ndarray, classes: int = 2) -> DatasetSpec:
    np.savez(folder / "data.npz", x=x, y=np.arange(len(x)) % classes)
    return DatasetSpec(source="npz", location=str(folder / "data.npz"))


def test_that_a_residual_block_is_drawn_by_hand_and_trained(draw: Drawer, tmp_path: Path) -> None:
    x = np.random.default_rng(0).random((40, 6, 6, 2), dtype="float32")
    draw.begin(tmp_path / "project", arrays(tmp_path, x))
    stem = draw.add("Conv2D", behind=draw.node("Input"))
    draw.choose("padding", "same")
    for layer in ("Conv2D", "BatchNormalization", "ReLU", "Conv2D", "BatchNormalization"):
        draw.add(layer)
        if layer == "Conv2D":
            draw.choose("padding", "same")
    merge = draw.add("Add")
    draw.wire(stem, merge)
    assert [link.source for link in draw.graph.incoming[merge]] == [draw.node("BatchNormalization"), stem]
    draw.add("GlobalAveragePooling2D", behind=merge)
    draw.repair()
    assert draw.graph.by_id[draw.node("Dense")].params["units"] == 2
    draw.ready()
    draw.train()


def test_that_two_inputs_with_columns_of_their_own_are_drawn_by_hand_and_trained(draw: Drawer, tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(40, 5))
    lines = ["age,height,weight,pulse,answer", *(",".join(f"{value:.3f}" for value in row) for row in rows)]
    (tmp_path / "people.csv").write_text("\n".join(lines), encoding="utf-8")
    draw.begin(tmp_path / "project", DatasetSpec(source="csv", location=str(tmp_path / "people.csv"), target="answer"))
    first = draw.node("Input")
    second = draw.add("Input", behind=first)
    draw.untick(["age", "height"])
    draw.click(first)
    draw.untick(["weight", "pulse"])
    left = draw.add("Dense", behind=first)
    right = draw.add("Dense", behind=second)
    merge = draw.add("Concatenate", behind=left)
    draw.wire(right, merge)
    draw.repair()
    assert [node.params["columns"] for node in draw.graph.inputs] == [["age", "height"], ["weight", "pulse"]]
    assert {link.source for link in draw.graph.incoming[merge]} == {left, right}
    draw.ready()
    draw.train()


def test_that_a_transformer_encoder_is_drawn_by_hand_and_trained(draw: Drawer, tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 30, (40, 8)).astype("int32")
    draw.begin(tmp_path / "project", arrays(tmp_path, x))
    words = draw.add("Embedding", behind=draw.node("Input"))
    draw.set("output_dim", "16")
    draw.add("Rescaling")
    draw.set("scale", "0")
    draw.set("offset", "-1")
    places = draw.add("PReLU")
    told = draw.add("Add", behind=places)
    draw.wire(words, told)
    attention = draw.add("MultiHeadAttention")
    draw.set("num_heads", "2")
    draw.set("key_dim", "8")
    draw.wire(told, attention, "value")
    looked = draw.add("Add", behind=attention)
    draw.wire(told, looked)
    normal = draw.add("LayerNormalization")
    draw.add("Dense")
    draw.choose("activation", "relu")
    thought = draw.add("Dense", behind=draw.node("Dense"))
    draw.set("units", "16")
    last = draw.add("Add", behind=thought)
    draw.wire(normal, last)
    draw.add("LayerNormalization", behind=last)
    draw.add("GlobalAveragePooling1D")
    draw.repair()
    assert Link(source=told, target=looked) in draw.graph.links
    draw.ready()
    draw.train()
