"""The arrays in a `.npz`: read without pickle, their promised sizes checked before any memory is taken."""

from __future__ import annotations

import math
import zipfile
import zlib
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from workbench.core.errors import DataError
from workbench.core.files import read_failed
from workbench.data.memory import check_room
from workbench.data.work import Array, Work

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read_arrays(path: Path, work: Work) -> dict[str, Array]:
    """Every array in the file, by name.

    Raises:
        DataError: It is no whole `.npz` of plain numbers or texts, or larger than the memory.
        FileError: It cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
            needed = sum(member.file_size for member in members)
            check_room(needed, f"arrays in {path.name}", "Save fewer samples, or smaller numbers (uint8, float32).")
            arrays: dict[str, Array] = {}
            for place, member in enumerate(members):
                work.tell(place / len(members), f"Reading {path.name}")
                name = member.filename.removesuffix(".npy")
                with archive.open(member) as file:
                    arrays[name] = _read(path, name, file, member.file_size)
            return arrays
    except OSError as error:
        raise read_failed(path, error) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(
            f"{path.name} must be a whole .npz file.", str(error), "Write it anew with numpy.savez."
        ) from error


def _read(path: Path, name: str, file: IO[bytes], size: int) -> Array:
    try:
        version = npy.read_magic(file)
        # Format 3.0 differs from 2.0 only in the header's character set.
        shape, fortran, dtype = _HEADERS.get(version, npy.read_array_header_2_0)(file)
        if dtype.hasobject:
            raise DataError(
                "Arrays must hold plain numbers or texts.",
                f"'{name}' in {path.name} holds Python objects, which could run a stranger's code",
                "Save it with one number type and samples of one shape.",
            )
        if dtype.kind not in "biufUS":
            raise DataError(
                "Arrays must hold plain numbers or texts.", f"'{name}' holds {dtype}", "Save it as float32, say."
            )
        needed = math.prod(shape) * dtype.itemsize
        if needed > size:
            raise ValueError(f"'{name}' promises {needed} bytes and has fewer")
        data = file.read(needed)
        if len(data) < needed:
            raise ValueError(f"'{name}' is cut short")
        flat = np.frombuffer(data, dtype)
        return flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)
    except ValueError as error:
        raise DataError(
            f"{path.name} must hold whole arrays.", str(error), "Write it anew with numpy.savez."
        ) from error
