"""How much each sample counts: read from a column or an array, and held to what can be trained with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from workbench.core.errors import DataError
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec

ROWS = 40


def text(weights: list[str], header: str = "a,b,w,kind") -> str:
    rows = [
        f"{row * 0.37 % 5:.2f},{row * 0.91 % 7:.2f},{weights[row % len(weights)]},{'xy'[row % 2]}"
        for row in range(ROWS)
    ]
    return "\n".join([header, *rows]) + "\n"


@pytest.fixture
def weighed(tmp_path: Path) -> Callable[..., Dataset]:
    """Writes a table whose column "w" holds these weights, and opens it."""

    def opened(*weights: str, **choices: object) -> Dataset:
        path = tmp_path / "table.csv"
        path.write_text(text(list(weights)))
        chosen = {"weight_column": "w", **choices}
        return open_dataset(DatasetSpec(source="csv", location=str(path), **chosen))  # type: ignore[arg-type]

    return opened


def test_that_a_column_of_weights_is_kept_from_the_features_and_goes_with_its_samples(
    weighed: Callable[..., Dataset],
) -> None:
    dataset = weighed("1", "0.5", "2", "0")
    info = dataset.info
    assert (info.weight, info.features, info.target) == ("w", ("a", "b"), "kind")
    assert {column.name: column.kind for column in info.columns}["w"] == "weight"
    assert "w" not in dataset.raw(0)
    for name in ("train", "validation", "test"):
        part = dataset.part(name)  # type: ignore[arg-type]
        assert part.weight is not None
        assert part.weight.dtype == np.float32
        np.testing.assert_array_equal(part.weight, np.array([1, 0.5, 2, 0])[part.index % 4])


def test_that_without_a_choice_all_count_alike_and_the_choices_are_told(weighed: Callable[..., Dataset]) -> None:
    dataset = weighed("1", "2", weight_column=None)
    assert dataset.part("train").weight is None
    assert dataset.info.weight == ""
    assert dataset.info.weight_choices == ("a", "b", "w")
    assert weighed("1", "-2", "", weight_column=None).info.weight_choices == ("a", "b")


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        (("1", "-3"), "line 3: '-3'"),
        (("1", "many"), "line 3: 'many'"),
        (("1", "1", "", "1"), "line 4: nothing"),
        (("1", "inf"), "line 3: 'inf'"),
        (("0", "0"), "only weights of 0 in 'w'"),
    ],
)
def test_that_weights_that_cannot_be_are_told_with_their_place(
    weighed: Callable[..., Dataset], weights: tuple[str, ...], told: str
) -> None:
    with pytest.raises(DataError) as caught:
        weighed(*weights)
    assert told in caught.value.received
    assert caught.value.hint


def test_that_weights_far_from_one_are_told(weighed: Callable[..., Dataset]) -> None:
    problems = [problem.message for problem in weighed("1000", "3000").info.problems]
    assert any("'w' are 2e+03 on average" in message for message in problems), problems
    assert not any("on average" in problem.message for problem in weighed("0.5", "1.5").info.problems)


@pytest.mark.parametrize("wanted", ["no such", "kind"])
def test_that_weights_must_be_a_column_of_their_own(weighed: Callable[..., Dataset], wanted: str) -> None:
    with pytest.raises(DataError) as caught:
        weighed("1", "2", weight_column=wanted, target="kind")
    assert repr(wanted) in caught.value.received


def test_that_the_last_column_is_not_predicted_where_it_holds_the_weights(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,w\n" + "".join(f"{row * 7 % 11},{row % 3},{1 + row % 2}\n" for row in range(30)))
    info = open_dataset(DatasetSpec(source="csv", location=str(path), weight_column="w")).info
    assert (info.target, info.weight) == ("b", "w")


def arrays(folder: Path, weight_column: str | None, **found: np.ndarray) -> Dataset:
    path = folder / "arrays.npz"
    np.savez(path, **found)
    return open_dataset(DatasetSpec(source="npz", location=str(path), weight_column=weight_column))


def test_that_an_array_of_weights_goes_with_its_samples(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x, y, w = random.normal(size=(50, 3)), np.arange(50) % 2, random.uniform(size=(50, 1))
    x[7, 1] = np.nan  # this sample is left out
    dataset = arrays(tmp_path, "importance", x=x, y=y, importance=w)
    assert dataset.info.weight == "importance"
    left = np.delete(w, 7)
    for name in ("train", "validation", "test"):
        part = dataset.part(name)  # type: ignore[arg-type]
        np.testing.assert_array_equal(part.weight, left[part.index].astype(np.float32))
    assert arrays(tmp_path, None, x=x, y=y, importance=w).info.weight_choices == ("importance",)


def test_that_each_part_s_weights_are_found_by_one_name(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    found = {
        f"{name}_{part}": values
        for part, size in (("train", 40), ("test", 10))
        for name, values in (
            ("x", random.normal(size=(size, 3))),
            ("y", np.arange(size) % 2),
            ("w", np.arange(size) + 1.0),
        )
    }
    assert arrays(tmp_path, None, **found).info.weight_choices == ("w",)
    test = arrays(tmp_path, "w", **found).part("test")
    np.testing.assert_array_equal(test.weight, np.arange(10) + 1)
    del found["w_test"]
    with pytest.raises(DataError, match="one weight a sample"):
        arrays(tmp_path, "w", **found)


def test_that_pictures_in_folders_have_no_weights(folder: Path) -> None:
    with pytest.raises(DataError, match="column of the table"):
        open_dataset(DatasetSpec(source="image_folder", location=str(folder), weight_column="w"))
