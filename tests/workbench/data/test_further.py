"""Further targets of arrays: by part, with their own encoding, refused where they cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.core.errors import DataError
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import ClassTarget, DatasetSpec, FurtherTarget, ValueTarget


def opened(path: Path, *names: str, **arrays: Any) -> Dataset:
    np.savez(path / "a.npz", **arrays)
    further = tuple(FurtherTarget(name=name) for name in names)
    return open_dataset(DatasetSpec(source="npz", location=str(path / "a.npz"), further=further))


def parted(**more: Any) -> dict[str, Any]:
    """Forty samples to learn from and ten to test with, numbered in their first input."""
    x = np.stack([np.arange(50.0), np.ones(50)], axis=1)
    return {"x_train": x[:40], "y_train": np.arange(40) % 2, "x_test": x[40:], "y_test": np.arange(10) % 2, **more}


def test_that_a_further_target_comes_in_the_parts_of_the_inputs(tmp_path: Path) -> None:
    size = 3 * np.arange(50.0)
    size[7] = np.nan
    kind = np.eye(3)[np.arange(50) % 3]
    arrays = parted(size_train=size[:40], size_test=size[40:], kind_train=kind[:40], kind_test=kind[40:])
    dataset = opened(tmp_path, "size", "kind", **arrays)
    assert dataset.info.samples == 49, "one has no size"
    assert dataset.info.further_choices == ("size", "kind")
    value, named = dataset.preparation.further
    assert isinstance(value, ValueTarget)
    assert isinstance(named, ClassTarget)
    assert (named.name, named.classes) == ("kind", ("0", "1", "2"))
    train, test = dataset.part("train"), dataset.part("test")
    assert len(test) == 10
    learned = train.further[0] * value.std + value.mean
    assert (learned.mean(), learned.std()) == (pytest.approx(value.mean), pytest.approx(value.std))
    for part in (train, test):
        for row, index in enumerate(part.index):
            number = float(np.asarray(dataset.raw(int(index)))[0])
            assert part.further[0][row] * value.std + value.mean == pytest.approx(3 * number, abs=1e-3)
            assert part.further[1][row] == number % 3
            assert dataset.label(int(index), 1) == pytest.approx(3 * number)


def test_that_a_further_target_of_one_part_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="one answer a sample"):
        opened(tmp_path, "size", **parted(size_train=np.arange(40.0)))


def test_that_an_array_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must be an array of the file"):
        opened(tmp_path, "size", **parted())


def test_that_further_answers_of_another_number_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="one answer a sample"):
        opened(tmp_path, "size", x=np.ones((9, 2)) * np.arange(9)[:, None], y=np.arange(9) % 2, size=np.arange(8.0))
