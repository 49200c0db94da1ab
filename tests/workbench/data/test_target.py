"""Classes and values told apart."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.core.errors import DataError
from workbench.data.target import make_target, natural


@pytest.mark.parametrize(
    ("cells", "task"),
    [
        (["red", "blue"] * 10, "classification"),
        ([1, 2] * 10, "classification"),
        ([0.5, 1.5] * 10, "classification"),
        ([number % 10 for number in range(200)], "classification"),
        ([number % 28 + 1 for number in range(4000)], "regression"),
        ([number % 7 for number in range(20)], "regression"),
        ([number / 3 for number in range(50)], "regression"),
        ([str(number / 3) for number in range(50)], "regression"),
        ([True, False] * 5, "classification"),
    ],
)
def test_that_the_task_is_told_from_the_answers(cells: list[object], task: str) -> None:
    assert make_target("column", cells, None).task == task


def test_that_a_column_called_class_may_have_many_numbers() -> None:
    cells = [number % 40 for number in range(400)]
    assert make_target("class", cells, None).task == "classification"
    assert make_target("height", cells, None).task == "regression"


def test_that_the_user_may_choose_the_task() -> None:
    cells = [number % 5 for number in range(100)]
    values = make_target("stars", cells, "regression")
    assert values.classes == ()
    assert values.values.tolist() == cells
    classes = make_target("stars", [float(cell) for cell in cells], "classification")
    assert classes.classes == ("0", "1", "2", "3", "4")


def test_that_classes_are_in_natural_order() -> None:
    assert make_target("room", ["room 10", "room 9", "room 1"] * 3, None).classes == ("room 1", "room 9", "room 10")
    assert sorted(["b", "10", "9", "a2", "a10"], key=natural) == ["9", "10", "a2", "a10", "b"]


def test_that_missing_answers_are_marked() -> None:
    target = make_target("kind", ["a", None, "b", "?", "a", "b"], None)
    assert target.known.tolist() == [True, False, True, False, True, True]
    assert target.ids.tolist() == [0, 1, 0, 1]
    values = make_target("value", np.array([1.5, np.nan, np.inf, 2.5, 3.5]), None)
    assert values.values.tolist() == [1.5, 2.5, 3.5]


@pytest.mark.parametrize(
    ("cells", "task", "words"),
    [
        (["a", "b"] * 5, "regression", "must hold numbers"),
        ([None, "?", "NA"], None, "only missing values"),
        ([f"name {number}" for number in range(50)], None, "50 different answers"),
        ([3.5] * 9, "regression", "must differ"),
    ],
)
def test_that_answers_that_teach_nothing_are_refused(cells: list[object], task: str | None, words: str) -> None:
    with pytest.raises(DataError, match=words):
        make_target("column", cells, task)  # type: ignore[arg-type]
