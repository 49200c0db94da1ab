"""The tint of costs, its legend, the totals in the header, and why a figure is what it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolButton, QToolTip

from ui.canvas.heat import HeatMark, viridis
from ui.canvas.words import bytes_words
from workbench.engine.check import CheckReport, NodeReport
from workbench.graph import edits

LEFT = Qt.MouseButton.LeftButton


def report_for(graph, largest=1024):
    sizes = {"in": ((8, 8, 1), 0, 0, 256), "a": ((64,), 0, 0, 256), "b": ((32,), 2080, 4160, 128)}
    sizes |= {"c": ((32,), 0, 32, 128), "d": ((10,), 330, 660, 40), "out": ((10,), 0, 0, 0)}
    nodes = tuple(
        NodeReport(
            node.id,
            node.layer,
            node.name,
            shape,
            params,
            params,
            flops,
            activation_bytes=32 * held,
        )
        for node in graph.nodes
        for shape, params, flops, held in [sizes.get(node.id, (None, 0, 0, 0))]
    )
    return CheckReport(True, 2410, 2410, nodes, (), 4852, 32, sum(node.activation_bytes for node in nodes), 64, largest)


@pytest.fixture
def known(page, session):
    """The page with an answer of the engine."""
    session.report = report_for(session.project.graph)
    session.report_changed.emit()
    return page


def marks(page):
    found = {}
    for node, item in page.canvas.nodes.items():
        for child in item.childItems():
            if isinstance(child, HeatMark) and child.isVisible():
                found[node] = child
    return found


def test_that_the_button_tints_by_operations_and_takes_the_tint_off(known, qtbot):
    button = known.findChild(QToolButton, "heat_button")
    qtbot.mouseClick(button, LEFT)
    found = marks(known)
    assert found["b"].words == "86 %"
    assert found["b"].heat == 1.0
    assert found["b"].heat > found["d"].heat > found["c"].heat
    assert "a" not in found
    assert known.overlays.legend.isVisible()
    known.grab()
    qtbot.mouseClick(button, LEFT)
    assert marks(known) == {}
    assert not known.overlays.legend.isVisible()


def test_that_the_legend_changes_the_measure_and_names_the_most(known, qtbot):
    known.overlays.toggle_heat()
    legend = known.overlays.legend
    qtbot.mouseClick(legend.buttons["params"], LEFT)
    assert known.overlays.heat.costs["b"] == 2080
    assert legend._most.text() == "most 2,080 of 2,410"
    qtbot.mouseClick(legend.buttons["memory"], LEFT)
    assert "kB" in legend._most.text()
    assert marks(known).keys() == {"in", "a", "b", "c", "d"}


def test_that_the_tint_follows_edits_and_never_catches_the_pointer(known, session):
    known.overlays.toggle_heat()
    item = known.canvas.nodes["b"]
    assert known.canvas.node_at(item.mapToScene(100.0, 20.0)) is item
    session.edit_graph("Delete", lambda graph: edits.remove(graph, ["b"]))
    assert "b" not in known.overlays.heat.costs
    session.undo()
    assert marks(known)["b"].heat == 1.0


def test_that_the_header_tells_memory_and_the_largest_batch(known, session):
    header = known.header
    assert header.memory.text() == "· 25.9 kB at batch 32, up to 1,024 fit"
    assert "4,852 operations" in header.memory.toolTip()
    session.report = report_for(session.project.graph, largest=16)
    session.report_changed.emit()
    assert header.memory.text().endswith("too large")
    assert "Only batches up to 16" in header.memory.toolTip()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_the_tooltip_does_the_sum(known, qtbot):
    tips, item = known.overlays.tips, known.canvas.nodes["b"]
    assert tips.why("b") == "64·32 + 32 = 2,080"
    words = tips.words("b", item.toolTip())
    assert "64·32 + 32 = 2,080 parameters" in words
    assert "4,160 operations a sample · 4.1 kB at batch 32" in words
    assert tips.why("c") == ""
    spot = known.view.mapFromScene(item.mapToScene(100.0, 20.0))
    event = QHelpEvent(QHelpEvent.Type.ToolTip, spot, known.view.viewport().mapToGlobal(spot))
    QApplication.sendEvent(known.view.viewport(), event)
    assert "2,080" in QToolTip.text()
    QToolTip.hideText()
    known.canvas.select(["b"])
    figure = known.inspector.node_panel.findChild(object, "node_params")
    event = QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(2, 2), figure.mapToGlobal(QPoint(2, 2)))
    QApplication.sendEvent(figure, event)
    assert QToolTip.text() == "64·32 + 32 = 2,080"
    QToolTip.hideText()
    qtbot.wait(350)


def test_that_colours_and_sizes_have_their_ends():
    assert viridis(-1).name() == "#440154"
    assert viridis(2).name() == "#fde725"
    assert [bytes_words(size) for size in (12, 26_400, 1_240_000, 5_100_000_000)] == [
        "12 B",
        "26.4 kB",
        "1.24 MB",
        "5.1 GB",
    ]
