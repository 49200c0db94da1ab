"""Smoothed curves."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ui.plots.smoothing import Smoother


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0.01, 0.99), st.integers(0, 50))
def test_that_points_that_come_later_are_smoothed_as_if_all_had_come_at_once(
    values: list[float], weight: float, cut: int
) -> None:
    array = np.array(values)
    grown = Smoother()
    grown(array[:cut], weight)
    np.testing.assert_array_equal(grown(array, weight), Smoother()(array, weight))


def test_that_a_constant_stays_a_constant_and_no_weight_changes_nothing() -> None:
    smoother = Smoother()
    np.testing.assert_allclose(smoother(np.full(3000, 0.7), 0.99), 0.7)
    values = np.array([1.0, 5.0])
    assert smoother(values, 0.0) is values
    np.testing.assert_allclose(smoother(values, 0.5), [1.0, (0.25 * 1 + 0.5 * 5) / 0.75])
