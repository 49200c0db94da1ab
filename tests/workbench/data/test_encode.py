"""Raw samples to what the model is fed, and back to answers: the truth that an export must equal."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tests.workbench.data.conftest import Table, encoded, noise, numbered_rows
from workbench.core.errors import DataError
from workbench.data.encode import (
    decode_file,
    decode_target,
    encode_array,
    encode_image,
    encode_rows,
    model_input,
)
from workbench.data.spec import (
    ArrayPreparation,
    CategoricalColumn,
    ClassTarget,
    ImagePreparation,
    NumericColumn,
    Preparation,
    TablePreparation,
    ValueTarget,
)

CLASSES = ClassTarget(classes=("a", "b"))
TABLE = TablePreparation(
    columns=(
        NumericColumn(name="age", mean=30.0, std=10.0, fill=25.0, missing_flag=True),
        CategoricalColumn(name="colour", categories=("blue", "red")),
        NumericColumn(name="size", mean=0.0, std=2.0, fill=1.0),
    )
)


def test_that_every_form_of_a_picture_is_accepted() -> None:
    grey, colour = ImagePreparation(height=12, width=10, channels=1), ImagePreparation(height=12, width=10, channels=3)
    flat = noise(channels=1)
    assert (encode_image(grey, flat)[..., 0] == flat).all()
    assert (encode_image(colour, flat) == flat[..., None]).all()
    assert (encode_image(colour, noise(channels=4)) == noise(channels=4)[..., :3]).all()
    assert encode_image(grey, noise()).shape == (12, 10, 1)
    assert encode_image(ImagePreparation(height=5, width=4, channels=3), flat).shape == (5, 4, 3)


@pytest.mark.parametrize("image", [np.zeros((4, 4)), np.zeros((4, 4, 2), np.uint8), np.zeros((1, 4, 4, 3), np.uint8)])
def test_that_what_is_no_picture_is_refused(image: np.ndarray) -> None:
    with pytest.raises(DataError, match="whole numbers from 0 to 255"):
        encode_image(ImagePreparation(height=4, width=4, channels=3), image)


def test_that_a_picture_file_is_prepared_like_its_array() -> None:
    prep = ImagePreparation(height=7, width=9, channels=1)
    assert (decode_file(encoded(noise()), prep) == encode_image(prep, noise())).all()
    assert (decode_file(encoded(noise())) == noise()).all()
    with pytest.raises(DataError, match="is empty"):
        decode_file(b"")


def test_that_the_network_is_fed_scaled_pictures() -> None:
    prep = Preparation(input=ImagePreparation(height=1, width=2, channels=1, offset=-0.5), target=CLASSES)
    fed = model_input(prep, np.array([[[[0], [255]]]], np.uint8))
    assert fed.dtype == np.float32
    assert fed.ravel().tolist() == [-0.5, 0.5]
    table = Preparation(input=TABLE, target=CLASSES)
    x = np.ones((2, 5), np.float32)
    assert model_input(table, x) is x


def test_that_rows_become_vectors_column_by_column() -> None:
    rows = [
        {"age": 40.0, "colour": "red", "size": 3.0},
        {"age": None, "colour": "green", "size": "4"},
        {"age": float("nan"), "colour": None, "size": " ? "},
        {"age": float("inf"), "colour": " blue ", "size": 0},
    ]
    expected = [[1, 0, 0, 1, 1.5], [-0.5, 1, 0, 0, 2], [-0.5, 1, 0, 0, 0.5], [-0.5, 1, 1, 0, 0]]
    assert encode_rows(TABLE, rows).tolist() == expected
    frame = pl.DataFrame({"colour": ["red"], "other": ["x"], "size": [3], "age": ["40"]})
    assert encode_rows(TABLE, frame).tolist() == expected[:1]


def test_that_numbers_may_stand_for_categories() -> None:
    prep = TablePreparation(columns=(CategoricalColumn(name="code", categories=("1", "2.5")),))
    rows = [{"code": 1.0}, {"code": 2.5}, {"code": "1"}, {"code": float("nan")}]
    assert encode_rows(prep, rows).tolist() == [[1, 0], [0, 1], [1, 0], [0, 0]]
    assert encode_rows(prep, pl.DataFrame({"code": [1.0, 2.5]})).tolist() == [[1, 0], [0, 1]]


def test_that_a_row_that_lacks_a_column_or_holds_a_text_is_told() -> None:
    with pytest.raises(DataError, match="no column named 'age'"):
        encode_rows(TABLE, [{"colour": "red", "size": 1.0}])
    with pytest.raises(DataError, match="'age' must hold numbers"):
        encode_rows(TABLE, [{"age": "old", "colour": "red", "size": 1.0}])


def test_that_the_parts_hold_what_encoding_the_raw_samples_gives(table: Table) -> None:
    dataset = table(numbered_rows(60))
    assert isinstance(dataset.preparation.input, TablePreparation)
    part = dataset.part("test")
    raws = [dataset.raw(int(index)) for index in part.index]
    assert (encode_rows(dataset.preparation.input, raws) == part.x).all()  # type: ignore[arg-type]


def test_that_arrays_are_scaled_one_by_one_or_in_a_batch() -> None:
    prep = ArrayPreparation(shape=(2, 3), mean=(1.0, 2.0, 3.0), std=(1.0, 2.0, 4.0))
    one = np.arange(6).reshape(2, 3)
    assert encode_array(prep, one).tolist() == [[-1, -0.5, -0.25], [2, 1, 0.5]]
    assert (encode_array(prep, np.stack([one, one]))[1] == encode_array(prep, one)).all()
    assert encode_array(ArrayPreparation(shape=(3,), integer=True), np.array([1, 2, 3])).dtype == np.int32
    with pytest.raises(DataError, match=r"shape \(2, 3\)"):
        encode_array(prep, np.zeros((3, 2)))


def test_that_outputs_become_answers() -> None:
    value = Preparation(input=TABLE, target=ValueTarget(name="price", mean=100.0, std=10.0))
    assert decode_target(value, np.array([[0.0], [1.5]])).tolist() == [100.0, 115.0]
    classes = Preparation(input=TABLE, target=CLASSES)
    assert decode_target(classes, np.array([[0.25, 0.75]])).tolist() == [[0.25, 0.75]]
    assert decode_target(classes, np.array([[0.75]])).tolist() == [[0.25, 0.75]]
