"""The numpy side of `Preparation`: from a raw sample to what the model is fed, and back to an answer.

This is the single truth that an export must equal in TensorFlow:

- Pictures: see `imaging` for decoding, grey and resizing; the model then gets
  float32(pixel) * float32(scale) + float32(offset).
- Numeric columns: the value is taken as float32 (missing: NaN), replaced by `fill` where it is not finite, then
  float32((float64(value) - mean) / std); with `missing_flag` a second feature is 1.0 where it was not finite, else 0.0.
- Categorical columns: text without surrounding blanks; 1.0 at its place in `categories`, else all 0.0.
- Arrays: float32((float64(value) - mean) / std), mean and std one number or one for each of the last axis; whole
  numbers as int32.
- Answers: a value is output * std + mean; a single probability p of two classes is (1 - p, p).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from workbench.core.errors import DataError
from workbench.data import imaging
from workbench.data.missing import MISSING_WORDS
from workbench.data.spec import (
    ArrayPreparation,
    CategoricalColumn,
    ClassTarget,
    ImagePreparation,
    NumericColumn,
    Preparation,
    TablePreparation,
)
from workbench.data.work import Array

Row = dict[str, str | float | None]
RawSample = Array | Row


def encode_image(prep: ImagePreparation, image: Array) -> Array:
    """One picture as the model's parts hold it, not yet scaled.

    Args:
        prep: Size and channels.
        image: uint8 (height, width), or (height, width, 1, 3 or 4 channels); alpha is dropped.

    Returns:
        uint8 (prep.height, prep.width, prep.channels).

    Raises:
        DataError: It has another shape or kind of numbers.
    """
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (1, 3, 4)):
        raise DataError(
            "A picture must hold whole numbers from 0 to 255, in one (grey), three (colour) or four channels.",
            f"{image.dtype} numbers of shape {image.shape}",
            "Convert it to 8-bit grey or RGB.",
        )
    if image.ndim == 2:
        image = image[:, :, None]
    elif image.shape[2] == 4:
        image = image[:, :, :3]
    if image.shape[2] == 3 and prep.channels == 1:
        image = imaging.grey(image)
    resized = imaging.resize(image, prep.height, prep.width)
    return np.repeat(resized, 3, axis=2) if resized.shape[2] < prep.channels else resized


def decode_file(source: Path | bytes, prep: ImagePreparation | None = None) -> Array:
    """A picture file, or its bytes, as uint8 RGB at its own size, or as the model's parts hold it when `prep` is given.

    Raises:
        DataError: It cannot be read as a picture.
    """
    try:
        image = imaging.decode(source) if isinstance(source, bytes) else imaging.decode_path(source)
    except imaging.PictureError as error:
        name = "The picture" if isinstance(source, bytes) else str(source)
        raise DataError(
            "A picture must be a whole JPEG, PNG, BMP or GIF file.", f"{name} {error}", "Save it anew as PNG or JPEG."
        ) from error
    return image if prep is None else encode_image(prep, image)


def encode_rows(prep: TablePreparation, rows: pl.DataFrame | Sequence[Row]) -> Array:
    """Rows by column name as float32 (rows, features).

    Raises:
        DataError: A column is missing.
    """
    frame = rows if isinstance(rows, pl.DataFrame) else _frame(prep, rows)
    missing = [column.name for column in prep.columns if column.name not in frame.columns]
    if missing:
        raise DataError(
            "A row must hold every column that the model was trained on.",
            f"no column named {', '.join(map(repr, missing[:5]))}",
            "Add it; leave its value empty where it is not known.",
        )
    encoded = np.zeros((frame.height, prep.features), np.float32)
    start = 0
    for column in prep.columns:
        if isinstance(column, NumericColumn):
            start += _encode_numeric(column, frame[column.name], encoded[:, start:])
        else:
            start += _encode_categorical(column, frame[column.name], encoded[:, start:])
    return encoded


def _frame(prep: TablePreparation, rows: Sequence[Row]) -> pl.DataFrame:
    present = [column for column in prep.columns if all(column.name in row for row in rows)]
    return pl.DataFrame(
        {
            column.name: (
                pl.Series([number(row[column.name], column.name) for row in rows], dtype=pl.Float64)
                if isinstance(column, NumericColumn)
                else pl.Series([text(row[column.name]) for row in rows], dtype=pl.String)
            )
            for column in present
        }
    )


def number(value: Any, name: str) -> float | None:
    """A raw value of the column `name` as a number; None where it is missing.

    Raises:
        DataError: It is a text that is no number.
    """
    if value is None or isinstance(value, int | float):
        return None if value is None else float(value)
    words = str(value).strip()
    if words.lower() in MISSING_WORDS:
        return None
    try:
        return float(words)
    except ValueError as error:
        raise DataError(
            f"The column '{name}' must hold numbers.", repr(value), "Write a number, or leave it empty."
        ) from error


def text(value: Any) -> str | None:
    """A raw value as a category's name; None where it is missing."""
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _encode_numeric(column: NumericColumn, series: pl.Series, out: Array) -> int:
    if series.dtype == pl.String:
        series = pl.Series([number(value, column.name) for value in series], dtype=pl.Float64)
    with np.errstate(over="ignore"):
        values = series.cast(pl.Float64).to_numpy().astype(np.float32)
    known = np.isfinite(values)
    filled = np.where(known, values, np.float32(column.fill)).astype(np.float64)
    out[:, 0] = (filled - column.mean) / column.std
    if column.missing_flag:
        out[:, 1] = ~known
    return 1 + column.missing_flag


def _encode_categorical(column: CategoricalColumn, series: pl.Series, out: Array) -> int:
    if series.dtype != pl.String:
        series = pl.Series([text(value) for value in series], dtype=pl.String)
    places = {category: place for place, category in enumerate(column.categories)}
    ids = np.array([-1 if value is None else places.get(value.strip(), -1) for value in series], np.int64)
    rows = np.flatnonzero(ids >= 0)
    out[rows, ids[rows]] = 1.0
    return len(column.categories)


def encode_array(prep: ArrayPreparation, array: Array) -> Array:
    """One array of `prep.shape`, or a batch of them, as float32 (int32 for whole-number input).

    Raises:
        DataError: The shape is another one.
    """
    array = np.asarray(array)
    if array.shape != prep.shape and array.shape[1:] != prep.shape:
        raise DataError(
            f"A sample must have the shape {prep.shape}.",
            f"shape {array.shape}",
            "Give it the shape it was trained with.",
        )
    if prep.integer:
        return array.astype(np.int32)
    scaled: Array = (array.astype(np.float64) - np.array(prep.mean)) / np.array(prep.std)
    return scaled.astype(np.float32)


def model_input(prep: Preparation, x: Array) -> Array:
    """What the network itself is fed: pictures as scaled float32, all else as the parts hold it."""
    if isinstance(prep.input, ImagePreparation):
        return x.astype(np.float32) * np.float32(prep.input.scale) + np.float32(prep.input.offset)
    return x


def decode_target(prep: Preparation, outputs: Array) -> Array:
    """The network's outputs as answers.

    Args:
        prep: What the network was trained on.
        outputs: (samples, classes), (samples, 1) or (samples,).

    Returns:
        Probabilities (samples, classes), or values (samples,) in the target's own unit.
    """
    outputs = np.asarray(outputs, np.float64)
    if isinstance(prep.target, ClassTarget):
        if outputs.ndim == 1 or outputs.shape[-1] == 1:
            chance = outputs.reshape(-1)
            return np.stack([1 - chance, chance], axis=1)
        return outputs
    return outputs.reshape(len(outputs), -1)[:, 0] * prep.target.std + prep.target.mean
