"""What kind of thing was picked: a name, a folder, or a file."""

from __future__ import annotations

import zipfile
from pathlib import Path

from workbench.core.errors import DataError
from workbench.data.catalogue import datasets, find_dataset
from workbench.data.spec import DatasetSpec, Source

TABLES = frozenset({".csv", ".tsv", ".txt", ".data", ".tab"})


def detect(source: str | Path, target: str | int | None = None) -> DatasetSpec:
    """What was picked, as a spec with nothing else chosen.

    Args:
        source: The name of a dataset that comes along or is fetched, or the path of a folder of pictures, a CSV, a
            `.npz` or a zip of picture folders. A name wins over a folder called the same; write "./digits" for that.
        target: The column to predict, for tables.

    Raises:
        DataError: It is none of these.
    """
    entry = find_dataset(source) if isinstance(source, str) and not any(mark in source for mark in "/\\.") else None
    if entry is not None:
        return DatasetSpec(source="download" if entry.download else "builtin", location=entry.name, target=target)
    path = Path(source).expanduser()
    try:
        path = path.resolve()
        exists, folder = path.exists(), path.is_dir()
    except (OSError, ValueError, RuntimeError):
        exists = folder = False
    if not exists:
        raise DataError(
            "Data must be a built-in name, a folder or a file.",
            f"'{source}', which is neither",
            f"The names are: {', '.join(known.name for known in datasets())}. Else check the path.",
        )
    return DatasetSpec(source="image_folder" if folder else _kind(path), location=str(path), target=target)


def _kind(path: Path) -> Source:
    suffix = path.suffix.lower()
    if suffix in TABLES:
        return "csv"
    if suffix == ".npz":
        return "npz"
    if suffix == ".zip" and zipfile.is_zipfile(path):
        return "image_folder"
    hints = {
        ".zip": "It is damaged or no zip: make or fetch it anew.",
        ".npy": "A .npy holds samples without answers: save both in a .npz with numpy.savez(x=..., y=...).",
        ".xlsx": "Save the sheet as CSV first.",
        ".xls": "Save the sheet as CSV first.",
        ".ods": "Save the sheet as CSV first.",
        ".parquet": "Save the table as CSV first.",
        ".json": "Save the table as CSV first.",
        ".gz": "Unpack it first, then pick what was in it.",
        ".tar": "Unpack it first, then pick the folder.",
        ".tgz": "Unpack it first, then pick the folder.",
    }
    hint = hints.get(suffix, "Pick a folder of pictures, a .csv, a .npz, or a .zip of picture folders.")
    raise DataError("The kind of the picked file must be known.", path.name, hint)
