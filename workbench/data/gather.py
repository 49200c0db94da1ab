"""From what was picked to samples: each source has its own room."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import DataError
from workbench.data import archive, arrays, builtin, folders, keras_datasets, tables
from workbench.data.catalogue import find_dataset
from workbench.data.samples import Gathered
from workbench.data.spec import DatasetSpec
from workbench.data.weights import no_weights
from workbench.data.work import Work


def gather(spec: DatasetSpec, work: Work) -> Gathered:
    """Read what was picked.

    Raises:
        DataError: It cannot be used.
        FileError: It cannot be read.
        Cancelled: The user asked for the end.
    """
    found = _gathered(spec, work)
    if spec.weight_column is not None and found.weights is None:
        raise no_weights(spec.weight_column, found.weight_choices)
    if spec.further and not found.further:
        raise DataError(
            "Further targets are columns of a table, or arrays of a file.",
            ", ".join(repr(target.name) for target in spec.further),
            "These data have none to choose from: take the further targets away.",
        )
    return found


def _gathered(spec: DatasetSpec, work: Work) -> Gathered:
    if spec.source in ("builtin", "download"):
        entry = find_dataset(spec.location)
        if entry is None:
            raise DataError(
                "A built-in dataset must be one of the list.", repr(spec.location), "Run: workbench datasets"
            )
        spec = spec.model_copy(update={"location": entry.name})
        if entry.download:
            return keras_datasets.gather(spec, entry.title, work)
        return builtin.gather(spec, entry.title, work)
    path = Path(spec.location)
    if not path.exists():
        raise DataError(
            "The picked data must be where they were.", f"nothing at {path}", "Pick them again if they were moved."
        )
    if spec.source == "image_folder":
        root = archive.unpacked(path, work) if path.is_file() else path
        return folders.gather(spec, root, path.stem, work)
    if spec.source == "csv":
        return tables.gather(spec, path, path.stem, work)
    return arrays.gather(spec, path, path.stem, work)
