"""Real samples for the proof, kept as plain files: the app's process writes them, the export's process reads them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from workbench.core.files import write_json
from workbench.data.dataset import Dataset
from workbench.data.encode import RawSample
from workbench.data.work import Array, Work

COUNT = 100
_FILE_BUDGET = 256 * 2**20
_ARRAY_BUDGET = 96 * 2**20

INDEX_FILE = "samples.json"


def stage(dataset: Dataset, folder: Path, work: Work, at: float) -> None:
    """Write about a hundred samples of the test part, spread evenly over it, each as it came."""
    chosen = dataset.golden_indices(COUNT)
    work.tell(at, "Gathering samples for the proof")
    raws: list[Any] = []
    spent = 0
    for place, index in enumerate(chosen):
        work.look()
        raw = dataset.raw(index)
        if dataset.info.kind == "image":
            data = picture_file(raw, dataset.raw_source(index))
            spent += len(data)
            if raws and spent > _FILE_BUDGET:
                break
            raws.append(f"sample-{place:03d}")
            (folder / raws[-1]).write_bytes(data)
        else:
            raws.append(raw)
    if dataset.info.kind == "array":
        np.save(folder / "samples.npy", np.stack(raws))
        raws = []
    write_json(folder / INDEX_FILE, {"kind": dataset.info.kind, "raws": raws})


def staged(folder: Path) -> list[Any]:
    """The raw samples that `stage` wrote: file bytes, rows, or arrays."""
    index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    if index["kind"] == "image":
        return [(folder / name).read_bytes() for name in index["raws"]]
    if index["kind"] == "array":
        return list(np.load(folder / "samples.npy", allow_pickle=False))
    rows: list[Any] = index["raws"]
    return rows


def picture_file(raw: RawSample, path: Path | None) -> bytes:
    """A picture's own file where it has one, else a PNG of its raw values."""
    if path is not None:
        return path.read_bytes()
    image = np.asarray(raw)
    if image.ndim == 3 and image.shape[-1] == 1:
        image = image[..., 0]
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def within_budget(pictures: Sequence[Array]) -> int:
    """How many decoded pictures, from the first on, are few enough bytes to be compared as arrays too."""
    spent = 0
    for place, picture in enumerate(pictures):
        spent += picture.nbytes
        if place and spent > _ARRAY_BUDGET:
            return place
    return len(pictures)
