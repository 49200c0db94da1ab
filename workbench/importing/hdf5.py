"""A look into an HDF5 file in a process of its own: only plain datasets inside, none larger than the file holds.

    python -m workbench.importing.hdf5 FILE

prints one JSON object: {"elements": N, "config": text or null}, or {"refused": words} or {"damaged": words}.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import h5py

from workbench.importing.limits import MOST_CONFIG_BYTES, MOST_PARAMETERS, MOST_WEIGHTS

_MOST_PACKED = 1000
_FREE_BYTES = 1 << 20
_MOST_ATTRIBUTE_BYTES = 1 << 30


class Refused(Exception):
    """What no weights file of Keras holds."""


def inspect(path: Path) -> dict[str, Any]:
    """How many numbers an HDF5 file holds, and the model's description in it, if any.

    Raises:
        Refused: It holds links, or sizes that it does not back.
        OSError: It is damaged.
    """
    with h5py.File(path, "r", locking=False) as file:
        elements = _walk(file)
        return {"elements": elements, "config": _config(file)}


def _walk(file: h5py.File) -> int:
    total = count = 0
    seen = set()
    waiting: list[tuple[str, h5py.Group]] = [("", file)]
    while waiting:
        where, group = waiting.pop()
        for name in group:
            link, told = group.get(name, getlink=True), f"{where}/{name}"[:120]
            count += 1
            if count > MOST_WEIGHTS:
                raise Refused(f"more than {MOST_WEIGHTS:,} weights")
            if not isinstance(link, h5py.HardLink):
                raise Refused(f"the link {told}")
            item = group[name]
            identity = (h5py.h5o.get_info(item.id).fileno, h5py.h5o.get_info(item.id).addr)
            if identity in seen:
                raise Refused(f"a second name for one thing, {told}")
            seen.add(identity)
            if isinstance(item, h5py.Group):
                waiting.append((f"{where}/{name}", item))
            elif isinstance(item, h5py.Dataset):
                total += _size(told, item)
            else:
                raise Refused(f"{told}, which is no numbers")
            if total > MOST_PARAMETERS:
                raise Refused(f"more than {MOST_PARAMETERS:,} numbers")
    return total


def _size(told: str, item: h5py.Dataset) -> int:
    if item.is_virtual or item.external:
        raise Refused(f"{told}, which reads from another file")
    if item.shape is None:
        return 0
    elements = int(math.prod(item.shape))
    size, held = elements * item.dtype.itemsize, item.id.get_storage_size()
    plain = item.compression is None and not item.scaleoffset
    backed = size <= held if plain else size <= held * _MOST_PACKED
    if not backed and (size > _FREE_BYTES or not plain):
        raise Refused(f"{told} of shape {tuple(item.shape)}, with {held:,} bytes for it")
    return elements


def _config(file: h5py.File) -> str | None:
    if "model_config" not in file.attrs:
        return None
    attribute = h5py.h5a.open(file.id, b"model_config")
    if attribute.get_storage_size() > MOST_CONFIG_BYTES or attribute.shape not in ((), (1,)):
        raise Refused("a description too long for a model")
    value = file.attrs["model_config"]
    value = value.decode("utf-8") if isinstance(value, bytes) else value
    if not isinstance(value, str):
        raise Refused("a description that is no text")
    return value


def main(path: str) -> int:
    """Print what is in a file."""
    try:
        answer = inspect(Path(path))
    except Refused as refused:
        answer = {"refused": str(refused)}
    # h5py raises classes of many kinds for a file that is not whole.
    except Exception as error:
        answer = {"damaged": f"its HDF5 cannot be read: {error}"[:300]}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
