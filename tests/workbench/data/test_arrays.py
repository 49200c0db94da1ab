"""Arrays in a `.npz`: roles by name, kinds by their numbers, nothing of it trusted."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.workbench.data.conftest import Table, messages
from workbench.core.errors import DataError
from workbench.data.dataset import detect, open_dataset
from workbench.data.spec import ArrayPreparation

GENERATOR = np.random.default_rng(0)
FLOATS = GENERATOR.normal(5, 3, (40, 6)).astype(np.float32)
LABELS = np.arange(40) % 4


@pytest.mark.parametrize(
    ("inputs", "answers"),
    [("x", "y"), ("X", "Y"), ("features", "labels"), ("data", "target"), ("arr_0", "arr_1"), ("images", "classes")],
)
def test_that_inputs_and_answers_are_found_by_name(arrays: Table, inputs: str, answers: str) -> None:
    info = arrays(**{inputs: FLOATS, answers: LABELS}).info
    assert (info.kind, info.task, info.input_shape, len(info.classes)) == ("array", "classification", (6,), 4)


def test_that_names_which_tell_nothing_are_told_by_size(arrays: Table) -> None:
    assert arrays(first=LABELS, second=FLOATS).info.input_shape == (6,)
    assert arrays(x=FLOATS, wanted=LABELS).info.classes == ("0", "1", "2", "3")


def test_that_the_answers_may_be_named(arrays: Table) -> None:
    dataset = arrays(answers_in="coarse", x=FLOATS, y=LABELS, coarse=LABELS % 2)
    assert dataset.info.classes == ("0", "1")
    with pytest.raises(DataError, match="no array named 'fine'"):
        arrays(answers_in="fine", x=FLOATS, y=LABELS)


@pytest.mark.parametrize("pattern", ["x_{0}", "X{0}", "{0}_images", "{0}X"])
def test_that_given_parts_are_honoured(arrays: Table, pattern: str) -> None:
    answers = pattern.replace("x", "y").replace("X", "Y").replace("images", "labels")
    train, test = ("Train", "Test") if "X{0}" in pattern else ("train", "test")
    named = {
        pattern.format(train): FLOATS[:30],
        answers.format(train): LABELS[:30],
        pattern.format(test): FLOATS[30:],
        answers.format(test): LABELS[30:],
    }
    dataset = arrays(**named)
    assert dataset.part("test").index.tolist() == list(range(30, 40))
    assert dataset.info.samples == 40


def test_that_scaling_is_fitted_on_the_training_part_by_feature(arrays: Table) -> None:
    dataset = arrays(x=FLOATS, y=LABELS)
    train = dataset.part("train").x
    assert np.allclose(train.mean(axis=0), 0, atol=1e-5)
    assert np.allclose(train.std(axis=0), 1, atol=1e-5)
    prep = dataset.preparation.input
    assert isinstance(prep, ArrayPreparation)
    assert len(prep.mean) == 6
    assert (np.asarray(dataset.raw(7)) == FLOATS[7]).all()


@pytest.mark.parametrize("shape", [(40, 8, 8), (40, 8, 8, 1), (40, 8, 8, 3), (40, 3, 8, 8), (40, 8, 8, 4)])
def test_that_bytes_in_the_shape_of_pictures_are_pictures(arrays: Table, shape: tuple[int, ...]) -> None:
    pixels = GENERATOR.integers(0, 256, shape).astype(np.uint8)
    dataset = arrays(x=pixels, y=LABELS)
    channels = 1 if shape in ((40, 8, 8), (40, 8, 8, 1)) else 3
    assert dataset.info.kind == "image"
    assert dataset.info.input_shape == (8, 8, channels)
    assert dataset.part("train").x.dtype == np.uint8


def test_that_rows_of_whole_numbers_are_for_an_embedding(arrays: Table) -> None:
    words = GENERATOR.integers(0, 500, (40, 12))
    dataset = arrays(x=words, y=LABELS)
    assert dataset.info.integer_input
    assert dataset.info.vocabulary == words.max() + 1
    assert dataset.part("train").x.dtype == np.int32
    assert (dataset.part("test").x == words[dataset.part("test").index]).all()


@pytest.mark.parametrize(
    "numbers",
    [
        GENERATOR.integers(0, 256, (40, 64)),  # a flattened picture
        GENERATOR.integers(-5, 500, (40, 12)),  # below zero
        GENERATOR.integers(0, 500, (40, 3)),  # three columns
        GENERATOR.integers(0, 1000, (40, 8)) // np.array([1, 400, 300, 200, 500, 90, 80, 70]),  # columns that differ
    ],
)
def test_that_other_whole_numbers_are_measurements(arrays: Table, numbers: np.ndarray) -> None:
    dataset = arrays(x=numbers, y=LABELS)
    assert not dataset.info.integer_input
    assert dataset.part("train").x.dtype == np.float32


def test_that_sequences_keep_their_shape(arrays: Table) -> None:
    info = arrays(x=GENERATOR.normal(size=(40, 10, 3)), y=GENERATOR.normal(size=(40, 1))).info
    assert (info.input_shape, info.task) == ((10, 3), "regression")
    assert arrays(x=np.arange(40) / 7, y=LABELS).info.input_shape == (1,)


def test_that_one_hot_answers_and_names_beside_them_are_understood(arrays: Table) -> None:
    names = np.array(["ant", "bee", "cat", "dog"])
    dataset = arrays(x=FLOATS, y=np.eye(4)[LABELS], class_names=names)
    assert dataset.info.classes == ("ant", "bee", "cat", "dog")
    assert dataset.label(2) == "cat"
    assert arrays(x=FLOATS, y=names[LABELS]).info.classes == ("ant", "bee", "cat", "dog")


def test_that_values_are_standardised_and_told_in_their_own_unit(arrays: Table) -> None:
    values = GENERATOR.normal(1000, 50, 40)
    dataset = arrays(x=FLOATS, y=values)
    assert dataset.info.task == "regression"
    assert dataset.info.target_range == (values.min(), values.max())
    part = dataset.part("train")
    assert part.y.dtype == np.float32
    assert abs(float(part.y.mean())) < 1e-5
    assert dataset.label(3) == values[3]


def test_that_nan_and_infinite_numbers_are_left_out_and_named(arrays: Table) -> None:
    spoiled = FLOATS.copy()
    spoiled[3, 1], spoiled[8, 0] = np.nan, np.inf
    values = GENERATOR.normal(size=40)
    values[5] = np.nan
    dataset = arrays(x=spoiled, y=values)
    assert dataset.info.samples == 37
    assert "2 samples left out: NaN or infinite numbers" in messages(dataset)
    assert "sample 3 | sample 8" in messages(dataset)
    assert "1 sample left out: no answer in 'y'. sample 5" in messages(dataset)
    assert dataset.sample_name(3) == "sample 4"
    assert dataset.label(3) == values[4]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"x": FLOATS}, "no answers"),
        ({"y": LABELS}, "no inputs"),
        ({}, "it holds nothing"),
        ({"x": FLOATS, "y": LABELS[:30]}, "40 samples and 30 answers"),
        ({"x": FLOATS * np.nan, "y": LABELS}, "none of 40"),
        ({"x": np.array(["a", "b"]), "y": LABELS[:2]}, "arrays of numbers"),
        ({"x": np.zeros((0, 3)), "y": np.zeros(0)}, "an empty array"),
        ({"x": FLOATS, "y": GENERATOR.normal(size=(40, 3))}, r"answers of shape \(40, 3\)"),
        ({"x_test": FLOATS, "y_test": LABELS}, "no training part"),
        ({"x_train": FLOATS, "y_train": LABELS, "x_test": FLOATS[:, :2], "y_test": LABELS}, "samples of one shape"),
        ({"x": FLOATS.astype(complex), "y": LABELS}, "complex"),
    ],
)
def test_that_arrays_that_cannot_be_used_say_why(arrays: Table, named: dict[str, np.ndarray], words: str) -> None:
    with pytest.raises(DataError, match=words) as caught:
        arrays(**named)
    assert caught.value.hint


def test_that_python_objects_are_never_unpickled(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return open, (str(tmp_path / "sprung"), "w")  # type: ignore[return-value]

    np.savez(tmp_path / "trap.npz", x=np.array([Trap()], dtype=object), y=np.zeros(1))
    with pytest.raises(DataError, match="holds Python objects"):
        open_dataset(detect(tmp_path / "trap.npz"))
    assert not (tmp_path / "sprung").exists()


def test_that_an_array_which_promises_more_than_it_has_is_refused(tmp_path: Path) -> None:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**3)})
    with zipfile.ZipFile(tmp_path / "liar.npz", "w") as archive:
        archive.writestr("x.npy", file.getvalue() + bytes(80))
    with pytest.raises(DataError, match="promises 8000000000000 bytes"):
        open_dataset(detect(tmp_path / "liar.npz"))


def test_that_every_cut_of_a_file_is_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "whole.npz", x=FLOATS, y=LABELS)
    whole = (tmp_path / "whole.npz").read_bytes()
    for length in range(0, len(whole) - 1, 37):
        (tmp_path / "cut.npz").write_bytes(whole[:length])
        with pytest.raises(DataError):
            open_dataset(detect(tmp_path / "cut.npz"))


def test_that_column_order_in_memory_does_not_matter(arrays: Table) -> None:
    dataset = arrays(x=np.asfortranarray(FLOATS), y=LABELS)
    assert (np.asarray(dataset.raw(5)) == FLOATS[5]).all()
