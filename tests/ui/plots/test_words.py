"""Numbers rounded for eyes."""

import pytest

from ui.plots.words import amount, duration, figure


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.97312, "0.9731"),
        (0.0, "0"),
        (2.302585, "2.303"),
        (123.456, "123.5"),
        (12345.6, "12,346"),
        (-0.5, "−0.5000"),
        (1.23e-6, "1.23e−06"),
        (float("nan"), "NaN"),
        (float("inf"), "∞"),
        (None, "–"),
    ],
)
def test_that_a_figure_keeps_the_digits_that_matter(value: float | None, words: str) -> None:
    assert figure(value) == words


@pytest.mark.parametrize(("value", "words"), [(0, "0"), (950, "950"), (12_345, "12.3 k"), (1_234_567, "1.2 M")])
def test_that_an_amount_takes_a_unit_when_it_is_large(value: float, words: str) -> None:
    assert amount(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.42, "0.4 s"), (12.3, "12 s"), (59.8, "1 m 0 s"), (200, "3 m 20 s"), (7500, "2 h 5 m")]
)
def test_that_a_duration_has_at_most_two_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words
