"""The figures of the Evaluate page: read on every ground, rounded, and told where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from ui.pages.evaluate_colours import contrast, ramp, readable_on
from ui.pages.evaluate_words import figure, per_class
from ui.theme import DARK, LIGHT, theme


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_that_every_figure_in_the_matrix_can_be_read(look: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme(), "tokens", look)
    for part in np.linspace(0, 1, 101):
        ground = ramp(float(part))
        assert contrast(ground, readable_on(ground)) >= 4.5


def test_that_a_class_that_was_never_predicted_has_no_precision() -> None:
    frame = per_class(np.array([[3, 0], [2, 0]]), ("a", "b"))
    assert frame["Precision"].to_list() == [0.6, None]
    assert frame["Recall"].to_list() == [1.0, 0.0]
    assert frame["Samples"].to_list() == [3, 2]


def test_that_figures_are_rounded_for_eyes() -> None:
    assert figure(0.973148) == "0.9731"
    assert figure(1234567.8) == "1,234,568"
    assert figure(float("nan")) == "–"
