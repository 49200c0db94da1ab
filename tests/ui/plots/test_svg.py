"""Drawings that look alike in every program that reads SVG."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from ui.plots import export
from ui.plots.curve import Line
from ui.plots.live_plot import LivePlot
from ui.plots.series import Series
from ui.plots.svg import in_place


def painted(drawing: bytes) -> np.ndarray:
    """The pixels of a drawing."""
    renderer = QSvgRenderer(drawing)
    image = QImage(renderer.viewBox().size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return np.array(image.constBits()).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)


def test_that_a_plot_is_drawn_where_it_is_seen_and_nothing_is_stretched(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = LivePlot("Loss")
    qtbot.addWidget(plot)
    plot.resize(500, 320)
    plot.show()
    qtbot.waitExposed(plot)
    series = Series()
    for epoch in range(1, 30):
        series.add_batch((epoch - 0.5, epoch, epoch), 2.1 / epoch)
        series.add_epoch((epoch, epoch, epoch), 2.0 / epoch)
    plot.show_series({"only": (series, Line("training", "training"))})
    plot.flush()
    plot.plot.grab()
    drawing = plot.to_svg()
    with monkeypatch.context() as patched:
        patched.setattr(export, "in_place", lambda stretched: stretched)
        stretched = plot.to_svg()
    assert b"non-scaling-stroke" in stretched, "else there is nothing to mend"
    away = np.abs(painted(drawing) - painted(stretched)).max(axis=2)
    assert (away > 64).mean() < 0.002, "it looks as before"
    (line,) = re.findall(rb'stroke-width="2"[^>]*transform="([^"]*)"[^>]*>\s*<path[^>]*d="([^"]{200,})"', drawing)
    assert line[0] == b"matrix(1,0,0,1,0,0)"
    places = [float(x) for x in re.findall(rb"[ML](-?[\d.]+),", line[1])]
    assert places == sorted(places)
    assert places[-1] - places[0] > 300, "in points of the drawing, not in epochs"


def test_that_what_is_not_only_lines_is_left_as_it_is() -> None:
    words = b'<g transform="matrix(2,0,0,2,5,5)"><text x="1" y="2">1,2</text></g>'
    assert in_place(words) == words
