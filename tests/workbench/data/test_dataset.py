"""Detecting, the built-in datasets, and the dataset as the other rooms see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.workbench.data.conftest import Table, messages, numbered_rows
from workbench.core.errors import DataError
from workbench.data.catalogue import datasets, find_dataset
from workbench.data.dataset import detect, open_dataset


@pytest.mark.parametrize("entry", [entry for entry in datasets() if not entry.download], ids=lambda entry: entry.name)
def test_that_every_built_in_dataset_is_as_the_catalogue_says(entry: object) -> None:
    found = find_dataset(entry.name)  # type: ignore[attr-defined]
    assert found is not None
    dataset = open_dataset(detect(found.name))
    info = dataset.info
    assert (info.title, info.kind, info.task, info.samples) == (found.title, found.kind, found.task, found.samples)
    assert info.problems == ()
    assert info.train_samples + info.validation_samples + info.test_samples == info.samples


def test_that_built_in_tables_have_their_real_names() -> None:
    info = open_dataset(detect("iris")).info
    assert info.classes == ("setosa", "versicolor", "virginica")
    assert info.columns[0].name == "sepal length (cm)"
    assert info.target == "species"
    assert open_dataset(detect("breast_cancer", "mean radius")).info.task == "regression"


def test_that_digits_are_pictures_over_the_whole_range() -> None:
    from sklearn.datasets import load_digits

    dataset = open_dataset(detect("digits"))
    image = np.asarray(dataset.raw(12))
    assert image.shape == (8, 8, 1)
    assert image.dtype == np.uint8
    assert (image[..., 0] == np.round(load_digits().images[12] * 255 / 16)).all()
    assert dataset.sample_name(12) == "digit 12"
    assert dataset.info.input_shape == (8, 8, 1)


@pytest.mark.parametrize("name", ["CIFAR-10", "cifar_10", "cifar10"])
def test_that_a_name_may_be_written_loosely(name: str) -> None:
    assert detect(name).location == "cifar10"
    assert detect(name).source == "download"


def test_that_a_path_is_told_from_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "digits").mkdir()
    monkeypatch.chdir(tmp_path)
    assert detect("digits").source == "builtin"
    spec = detect("./digits")
    assert (spec.source, spec.location) == ("image_folder", str(tmp_path / "digits"))


@pytest.mark.parametrize(
    ("name", "source"),
    [("a.csv", "csv"), ("a.TSV", "csv"), ("a.txt", "csv"), ("a.npz", "npz")],
)
def test_that_a_file_is_told_by_its_ending(tmp_path: Path, name: str, source: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert detect(tmp_path / name).source == source


@pytest.mark.parametrize(
    ("name", "hint"),
    [("a.npy", "numpy.savez"), ("a.xlsx", "CSV"), ("a.zip", "no zip"), ("a.tar", "Unpack"), ("a.exe", "folder")],
)
def test_that_a_file_of_another_kind_gets_a_remedy(tmp_path: Path, name: str, hint: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(DataError) as caught:
        detect(tmp_path / name)
    assert hint in caught.value.hint


@pytest.mark.parametrize("name", ["nothing", "/no/such/place.csv", "x" * 5000, "nul\0byte.csv"])
def test_that_what_is_not_there_names_what_is(name: str) -> None:
    with pytest.raises(DataError) as caught:
        detect(name)
    assert "digits, iris" in caught.value.hint


def test_that_an_unknown_built_in_name_in_a_project_is_told() -> None:
    spec = detect("iris").model_copy(update={"location": "tulips"})
    with pytest.raises(DataError, match="tulips"):
        open_dataset(spec)


def test_that_parts_cannot_be_written_to() -> None:
    dataset = open_dataset(detect("iris"))
    with pytest.raises(ValueError, match="read-only"):
        dataset.part("train").x[0] = 0


def test_that_golden_samples_come_from_the_test_part() -> None:
    dataset = open_dataset(detect("digits"))
    indices = dataset.golden_indices(16)
    assert len(indices) == 16
    assert set(indices) <= set(dataset.part("test").index.tolist())
    assert all((one == dataset.raw(index)).all() for one, index in zip(dataset.golden(16), indices, strict=True))
    assert len(open_dataset(detect("iris")).golden(1000)) == 23


def test_that_few_and_uneven_classes_are_told(table: Table) -> None:
    lines = numbered_rows(300).replace(",y\n", ",x\n").replace(",z\n", ",x\n").splitlines()
    lines[5:8] = [line.rsplit(",", 1)[0] + ",rare" for line in lines[5:8]]
    words = messages(table("\n".join(lines)))
    assert "1 class with fewer than 10 samples: 'rare'." in words
    assert "Classes are uneven: 297 samples of 'x', 3 of 'rare'." in words


def test_that_the_same_spec_gives_the_same_dataset() -> None:
    first, second = (open_dataset(detect("diabetes")) for _ in range(2))
    assert first.preparation == second.preparation
    assert (first.part("validation").x == second.part("validation").x).all()
