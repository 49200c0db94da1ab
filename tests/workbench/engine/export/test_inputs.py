from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.core.errors import DataError
from workbench.data.spec import (
    ArrayPreparation,
    CategoricalColumn,
    ClassTarget,
    ImagePreparation,
    NumericColumn,
    Preparation,
    TablePreparation,
)
from workbench.engine.export.inputs import read_inputs

TARGET = ClassTarget(classes=("a", "b"))
PICTURES = Preparation(input=ImagePreparation(height=4, width=4, channels=3), target=TARGET)
ARRAYS = Preparation(input=ArrayPreparation(shape=(2, 3)), target=TARGET)
ROWS = Preparation(
    input=TablePreparation(
        columns=(NumericColumn(name="age", mean=0, std=1, fill=0), CategoricalColumn(name="kind", categories=("x",)))
    ),
    target=TARGET,
)


def test_that_a_picture_is_taken_as_a_path_as_bytes_and_as_an_array(tmp_path: Path) -> None:
    image = np.arange(5 * 6 * 3, dtype=np.uint8).reshape(5, 6, 3)
    Image.fromarray(image).save(tmp_path / "a.png")
    np.save(tmp_path / "b.npy", np.stack([image, image]))
    found = read_inputs(
        PICTURES, [str(tmp_path / "a.png"), (tmp_path / "a.png").read_bytes(), image, tmp_path / "b.npy"]
    )
    assert [sample.name for sample in found][:3] == [str(tmp_path / "a.png"), "picture 2", "picture 3"]
    assert found[0].raw == found[1].raw
    assert len(found) == 5
    np.testing.assert_array_equal(found[4].raw, image)


def test_that_rows_come_from_json_and_from_a_csv(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("kind;age;more\nx;3;1\n;4;2\n", encoding="utf-8")
    found = read_inputs(ROWS, ['{"age": 1, "kind": "x"}', '[{"age": 2, "kind": null}]', str(tmp_path / "rows.csv")])
    assert [sample.raw for sample in found] == [
        {"age": 1, "kind": "x"},
        {"age": 2, "kind": None},
        {"age": "3", "kind": "x"},
        {"age": "4", "kind": None},
    ]


def test_that_a_csv_without_a_header_is_read_by_place_when_the_model_learnt_from_one(tmp_path: Path) -> None:
    table = TablePreparation(
        columns=tuple(NumericColumn(name=f"column {place}", mean=0, std=1, fill=0) for place in (1, 2))
    )
    (tmp_path / "rows.csv").write_text("1,2\n3,4\n", encoding="utf-8")
    found = read_inputs(Preparation(input=table, target=TARGET), [str(tmp_path / "rows.csv")])
    assert [sample.raw for sample in found] == [{"column 1": "1", "column 2": "2"}, {"column 1": "3", "column 2": "4"}]


def test_that_arrays_come_one_or_many_to_a_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "many.npz", x=np.ones((4, 2, 3)))
    np.save(tmp_path / "one.npy", np.ones((2, 3)))
    assert len(read_inputs(ARRAYS, [tmp_path / "many.npz", tmp_path / "one.npy", "[[1, 2, 3], [4, 5, 6]]"])) == 6


@pytest.mark.parametrize(
    ("prep", "item", "words"),
    [
        (PICTURES, "missing.png", "there is no file"),
        (PICTURES, ".", "is a folder"),
        (PICTURES, '{"age": 1}', "numbers"),
        (ROWS, "[1, 2]", "rows of a table"),
        (ROWS, '{"age": 1}', "'kind'"),
        (ROWS, '{"age": 1', "whole JSON"),
        (ARRAYS, "[1, 2, 3]", "must have the shape"),
        (ARRAYS, "[[1, 2], [3]]", "must be even"),
        (ARRAYS, '["a"]', "must hold numbers"),
    ],
)
def test_that_a_wrong_input_is_told_in_plain_words(
    prep: Preparation, item: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=words):
        read_inputs(prep, [item])


@pytest.mark.parametrize(
    ("prep", "name", "data", "words"),
    [
        (PICTURES, "a.csv", b"a,b\n1,2\n", "takes pictures"),
        (PICTURES, "a.png", b"not a picture", "JPEG, PNG, BMP or GIF"),
        (PICTURES, "a.npy", b"junk", "npy"),
        (ROWS, "a.png", b"\x89PNG", "rows of a table"),
        (ARRAYS, "a.csv", b"1,2\n", "arrays of shape"),
        (ARRAYS, "a.npz", b"PK junk", "npy"),
    ],
)
def test_that_a_wrong_file_is_told_by_name(
    prep: Preparation, name: str, data: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match=words) as caught:
        read_inputs(prep, [str(tmp_path / name)])
    assert name in str(caught.value)


def test_that_pickled_arrays_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DataError):
        read_inputs(ARRAYS, [tmp_path / "a.npy"])
