"""A declared parameter takes what it says and refuses the rest in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import UsageError
from workbench.core.params import Param

UNITS = Param("units", "integer", 64, required=True, minimum=1, doc="Width of the layer.")
RATE = Param("rate", "number", 0.5, minimum=0, maximum=1)
BORDER = Param("padding", "integers", 1, minimum=0, length=2, sides=True)
KERNEL = Param("kernel_size", "integers", 3, minimum=1, length=2)


@pytest.mark.parametrize(
    ("param", "given_", "stored"),
    [
        (UNITS, "12", 12),
        (UNITS, 12.0, 12),
        (RATE, "0.25", 0.25),
        (RATE, 1, 1.0),
        (KERNEL, "3×5", [3, 5]),
        (KERNEL, (3, 3), 3),
        (KERNEL, "5", 5),
        (BORDER, "0, 1, 2, 3", [[0, 1], [2, 3]]),
        (BORDER, [[0, 1], 2], [[0, 1], [2, 2]]),
        (BORDER, [[1, 1], [2, 2]], [1, 2]),
        (BORDER, "3", 3),
        (Param("flag", "boolean", True), "false", False),
        (Param("shape", "shape", [-1]), "28, 28, 1", [28, 28, 1]),
        (Param("mean", "numbers", None, nullable=True), "0.5, 0.25", [0.5, 0.25]),
        (Param("seed", "integer", None, nullable=True), "none", None),
        (Param("padding", "choice", "valid", choices=("valid", "same")), "same", "same"),
        (Param("wrapped", "layer"), {"layer": "LSTM", "params": {}}, {"layer": "LSTM", "params": {}}),
    ],
)
def test_that_a_fitting_value_is_stored_as_json(param: Param, given_: Any, stored: Any) -> None:
    assert param.check(given_) == stored


@pytest.mark.parametrize(
    ("param", "given_"),
    [
        (UNITS, 0),
        (UNITS, "many"),
        (UNITS, 1.5),
        (UNITS, True),
        (UNITS, None),
        (RATE, float("nan")),
        (RATE, 1.5),
        (KERNEL, "3,3,3"),
        (KERNEL, ""),
        (BORDER, "1, 2, 3"),
        (BORDER, [[0, 1], [1, 2, 3]]),
        (Param("padding", "choice", "valid", choices=("valid", "same")), "full"),
        (Param("shape", "shape", [-1]), "-1, -1"),
        (Param("wrapped", "layer"), "LSTM"),
        (Param("flag", "boolean", True), "perhaps"),
        (Param("kernel_initializer", "initializer", "zeros", choices=("zeros", "ones")), "os.system"),
    ],
)
def test_that_an_unfitting_value_is_refused_with_the_rule_and_what_was_received(param: Param, given_: Any) -> None:
    with pytest.raises(UsageError) as caught:
        param.check(given_)
    assert param.rule in caught.value.rule
    assert repr(given_) in caught.value.received


def test_that_a_parameter_survives_its_json_form() -> None:
    assert Param.from_json(KERNEL.to_json()) == KERNEL


@given(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.lists(st.integers()), st.booleans()))
def test_that_any_value_is_taken_or_refused_in_words(value: Any) -> None:
    for param in (UNITS, RATE, KERNEL, Param("shape", "shape"), Param("name", "text"), Param("m", "numbers")):
        try:
            assert param.check(param.check(value)) == param.check(value)
        except UsageError:
            continue
