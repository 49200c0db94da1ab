"""Growing number columns."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ui.plots.buffer import FIRST_SIZE, PointBuffer


def test_that_points_survive_the_growth_of_the_arrays() -> None:
    buffer = PointBuffer()
    count = 3 * FIRST_SIZE + 1
    buffer.extend((float(place), float(-place)) for place in range(count))
    assert len(buffer) == count
    np.testing.assert_array_equal(buffer.x, np.arange(count))
    np.testing.assert_array_equal(buffer.y, -np.arange(count))


def test_that_reading_copies_nothing() -> None:
    buffer = PointBuffer()
    buffer.append(1.0, 2.0)
    assert np.shares_memory(buffer.x, buffer._columns)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True)))
def test_that_only_finite_points_are_kept(values: list[float]) -> None:
    buffer = PointBuffer()
    kept = [buffer.append(place, value) for place, value in enumerate(values)]
    assert kept == [math.isfinite(value) for value in values]
    assert np.isfinite(buffer.y).all()


def test_that_the_nearest_point_is_found_from_both_sides() -> None:
    buffer = PointBuffer()
    assert buffer.nearest(1.0) is None
    buffer.extend([(1.0, 10.0), (2.0, 20.0), (4.0, 40.0)])
    assert buffer.nearest(-5.0) == (1.0, 10.0)
    assert buffer.nearest(2.9) == (2.0, 20.0)
    assert buffer.nearest(3.1) == (4.0, 40.0)
    assert buffer.nearest(99.0) == (4.0, 40.0)
