"""What a person hands over to be predicted (paths, rows as JSON, arrays) as raw samples that a model takes."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.errors import DataError
from workbench.core.files import read_failed
from workbench.data import imaging
from workbench.data.csv_file import read_table
from workbench.data.spec import ArrayPreparation, DatasetSpec, ImagePreparation, Preparation, TablePreparation
from workbench.data.work import Array, Work

_TABLES = frozenset({".csv", ".tsv", ".txt", ".data"})
_ARRAYS = frozenset({".npy", ".npz"})


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """One raw sample and what to call it."""

    name: str
    raw: Any


def read_inputs(prep: Preparation, inputs: Sequence[Any]) -> list[Sample]:
    """Every sample in `inputs`; a table or array file may hold many.

    Args:
        prep: What the model takes.
        inputs: Paths, a row or array as JSON text, file bytes, rows, arrays.

    Raises:
        DataError: One is of a kind that the model does not take; the message names it.
        FileError: One cannot be read.
    """
    return [sample for number, item in enumerate(inputs, 1) for sample in _samples(prep, item, number)]


def _samples(prep: Preparation, item: Any, number: int) -> Iterator[Sample]:
    if isinstance(item, str) and item.lstrip().startswith(("{", "[")):
        item = _json(item)
        if isinstance(item, list) and item and isinstance(item[0], dict):
            for place, row in enumerate(item, 1):
                yield from _samples(prep, row, place)
            return
    if isinstance(item, str | Path):
        yield from _from_path(prep, Path(item))
        return
    if isinstance(prep.input, ImagePreparation):
        yield Sample(f"picture {number}", item if isinstance(item, bytes) else _picture(item))
    elif isinstance(prep.input, TablePreparation):
        if not isinstance(item, dict):
            raise _wrong_kind(prep, f"input {number}: {type(item).__name__}")
        yield Sample(f"row {number}", _row(prep.input, item, f"row {number}"))
    else:
        yield from _from_array(prep.input, _numbers(item, f"input {number}"), f"array {number}")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise DataError("A row must be whole JSON.", str(error), 'Write it like {"column": 1.5}.') from error


def _from_path(prep: Preparation, path: Path) -> Iterator[Sample]:
    if not path.is_file():
        received = f"{path} is a folder" if path.is_dir() else f"there is no file {path}"
        raise DataError("An input must be a file, or a row as JSON.", received, "Check the path.")
    suffix = path.suffix.lower()
    if suffix in _ARRAYS and isinstance(prep.input, ImagePreparation):
        array = _stored(path)
        pictures = array if array.ndim == 4 or (array.ndim == 3 and array.shape[-1] not in (1, 3, 4)) else array[None]
        for place, picture in enumerate(pictures):
            yield Sample(f"{path} [{place}]", _picture(picture))
    elif suffix in _ARRAYS and isinstance(prep.input, ArrayPreparation):
        yield from _from_array(prep.input, _stored(path), str(path))
    elif isinstance(prep.input, ImagePreparation):
        if suffix in _TABLES:
            raise _wrong_kind(prep, str(path))
        # Here it is refused by name; TensorFlow's own words would not say which file it was.
        try:
            imaging.measure(path)
        except imaging.PictureError as error:
            raise DataError(
                "A picture must be a whole JPEG, PNG, BMP or GIF file.",
                f"{path} {error}",
                "Save it anew as PNG or JPEG.",
            ) from error
        yield Sample(str(path), _read(path))
    elif isinstance(prep.input, TablePreparation) and suffix in _TABLES:
        yield from _rows(prep.input, path)
    else:
        raise _wrong_kind(prep, str(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise read_failed(path, error) from error


def _wrong_kind(prep: Preparation, received: str) -> DataError:
    if isinstance(prep.input, ImagePreparation):
        return DataError("This model takes pictures.", received, "Give it JPEG, PNG, BMP or GIF files.")
    if isinstance(prep.input, TablePreparation):
        names = ", ".join(column.name for column in prep.input.columns[:5])
        more = ", ..." if len(prep.input.columns) > 5 else ""
        return DataError(
            "This model takes rows of a table.",
            received,
            f"Give it a CSV, or a row as JSON, with the columns {names}{more}",
        )
    return DataError(
        f"This model takes arrays of shape {prep.input.shape}.", received, "Give it a .npy or .npz file, or JSON."
    )


def _rows(prep: TablePreparation, path: Path) -> Iterator[Sample]:
    wanted = [column.name for column in prep.columns]
    table = read_table(path, DatasetSpec(source="csv", location=str(path)), Work()).frame
    if not set(wanted) <= set(table.columns) and all(name.startswith("column ") for name in wanted):
        # Learnt from a file without a header: where only the target's column is left out, the places still tell.
        table = read_table(path, DatasetSpec(source="csv", location=str(path), header=False), Work()).frame
        if table.width == len(wanted):
            table = table.rename(dict(zip(table.columns, wanted, strict=True)))
    for place, row in enumerate(table.iter_rows(named=True), 1):
        name = f"{path} row {place}"
        yield Sample(name, _row(prep, row, name))


def _row(prep: TablePreparation, row: dict[str, Any], name: str) -> dict[str, Any]:
    missing = [column.name for column in prep.columns if column.name not in row]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise DataError(
            "A row must hold every column that the model was trained on.",
            f"{name} has no {', '.join(map(repr, missing[:5]))}{more}",
            "Add it; leave its value empty where it is not known.",
        )
    return {column.name: row[column.name] for column in prep.columns}


def _stored(path: Path) -> Array:
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if not isinstance(loaded, np.ndarray):
                loaded = loaded["x" if "x" in loaded.files else loaded.files[0]]
    except OSError as error:
        raise read_failed(path, error) from error
    except (ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise DataError("An array file must be a whole .npy or .npz of numbers.", str(path), "Save it anew.") from error
    return _numbers(loaded, str(path))


def _numbers(item: Any, name: str) -> Array:
    try:
        array = np.asarray(item)
    except ValueError as error:
        raise DataError("An array must be even.", name, "Give each of its rows the same length.") from error
    if array.dtype.kind not in "buif":
        raise DataError("An array must hold numbers.", f"{name}: {array.dtype}", "Write numbers only.")
    return array


def _picture(item: Any) -> Array:
    array = _numbers(item, "picture")
    if array.dtype != np.uint8 and array.size and array.min() >= 0 and array.max() <= 255 and (array % 1 == 0).all():
        array = array.astype(np.uint8)
    return array


def _from_array(prep: ArrayPreparation, array: Array, name: str) -> Iterator[Sample]:
    if array.ndim == len(prep.shape) + 1:
        for place, one in enumerate(array):
            yield Sample(f"{name} [{place}]", _fitting(prep, one, f"{name} [{place}]"))
    else:
        yield Sample(name, _fitting(prep, array, name))


def _fitting(prep: ArrayPreparation, array: Array, name: str) -> Array:
    if array.shape != prep.shape:
        raise DataError(
            f"A sample must have the shape {prep.shape}.",
            f"{name} has {array.shape}",
            "Give it the shape it was trained with.",
        )
    return array
