"""The small drawings beside findings."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from ui.plots.evidence import EvidenceView, span
from ui.theme import LIGHT


def colors(qtbot: QtBot, evidence: dict[str, Any]) -> set[str]:
    view = EvidenceView(evidence)
    qtbot.addWidget(view)
    image: QImage = view.grab().toImage()
    seen = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    return {QColor(value).name().upper() for value in seen}


def test_that_training_and_validation_have_their_colours(qtbot: QtBot) -> None:
    seen = colors(qtbot, {"x": [1, 2, 3], "loss": [1.0, 0.5, 0.5], "val_loss": [1.0, 1.0, 2.0]})
    assert {LIGHT.training, LIGHT.validation} <= seen


@pytest.mark.parametrize(
    "evidence",
    [
        {"labels": ["a", "b"], "samples": [3.0, None]},
        {"x": [1.0], "loss": [0.5]},
        {"x": [], "loss": []},
        {"x": [1, 2], "loss": [None, float("inf")]},
        {"x": [1, 2, 3], "loss": [1.0, 1.0]},
        {"words": "no numbers"},
    ],
)
def test_that_any_evidence_can_be_drawn(qtbot: QtBot, evidence: dict[str, Any]) -> None:
    assert colors(qtbot, evidence)


@pytest.mark.parametrize(
    ("values", "shown"),
    [((0.2, 0.9), (0.2, 0.9)), ((1.0, 1.0), (0.0, 1.0)), ((0.0, 0.0), (0.0, 1.0)), ((-2.0, -2.0), (-2.0, 0.0))],
)
def test_that_one_single_value_stands_over_nothing(values: tuple[float, float], shown: tuple[float, float]) -> None:
    assert span(*values) == shown
