"""Raw samples as the inputs of an exported model: numpy arrays by input name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.data import encode
from workbench.data.spec import ArrayPreparation, NumericColumn, TablePreparation
from workbench.data.work import Array
from workbench.engine.export.columns import input_names


def columns(table: TablePreparation, rows: Sequence[dict[str, Any]]) -> dict[str, Array]:
    """Rows as one array a column, shape (rows,): float32 with NaN where missing, or text, empty where missing.

    Raises:
        DataError: A numeric column holds a text that is no number.
    """
    names = input_names(table)
    found: dict[str, Array] = {}
    for column in table.columns:
        values = [row[column.name] for row in rows]
        if isinstance(column, NumericColumn):
            numbers = [encode.number(value, column.name) for value in values]
            with np.errstate(over="ignore"):
                found[names[column.name]] = np.array(
                    [np.nan if number is None else number for number in numbers], np.float64
                ).astype(np.float32)
        else:
            found[names[column.name]] = np.array([encode.text(value) or "" for value in values], dtype=str)
    return found


def array(prep: ArrayPreparation, arrays: Sequence[Array]) -> dict[str, Array]:
    """Arrays of one shape as one batch."""
    return {"array": np.stack(arrays).astype(np.int32 if prep.integer else np.float32)}


def upright(inputs: dict[str, Array]) -> dict[str, Array]:
    """Columns as a .keras file takes them: shape (rows, 1)."""
    return {name: values[:, None] for name, values in inputs.items()}


def rgb(picture: Array) -> Array:
    """A raw picture as uint8 RGB, shape (height, width, 3)."""
    if picture.ndim == 2:
        picture = picture[:, :, None]
    return picture[:, :, :3] if picture.shape[2] >= 3 else np.repeat(picture[:, :, :1], 3, axis=2)
