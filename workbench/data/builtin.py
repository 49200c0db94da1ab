"""The datasets that come with scikit-learn: offline, small, and tables with their real column names."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from workbench.data import pictures, tables
from workbench.data.pictures import Numbered
from workbench.data.samples import Gathered
from workbench.data.spec import DatasetSpec
from workbench.data.target import named_classes
from workbench.data.work import Work

_TARGETS = {
    "iris": "species",
    "wine": "cultivar",
    "breast_cancer": "diagnosis",
    "diabetes": "disease progression",
}


def gather(spec: DatasetSpec, title: str, work: Work) -> Gathered:
    """Read a built-in dataset."""
    work.tell(None, f"Reading {title}")
    from sklearn import datasets

    if spec.location == "digits":
        return _digits(spec, datasets.load_digits(), title, work)
    loaded = (
        datasets.load_diabetes(scaled=False)
        if spec.location == "diabetes"
        else getattr(datasets, f"load_{spec.location}")()
    )
    target = _TARGETS[spec.location]
    columns: dict[str, Any] = {str(name): loaded.data[:, place] for place, name in enumerate(loaded.feature_names)}
    names = getattr(loaded, "target_names", None)
    columns[target] = loaded.target if names is None else [str(names[number]) for number in loaded.target]
    frame = pl.DataFrame(columns)
    chosen = spec if spec.target is not None else spec.model_copy(update={"target": target})
    return tables.from_frame(chosen, frame, title, range(frame.height), "row")


def _digits(spec: DatasetSpec, loaded: Any, title: str, work: Work) -> Gathered:
    # Sixteen grey levels, spread over the range that every picture has.
    images = np.round(loaded.images * (255 / 16)).astype(np.uint8)
    samples = pictures.from_array(spec, images, Numbered("digit", range(len(images))), work)
    return Gathered(title, samples, named_classes("digit", loaded.target, [str(number) for number in range(10)]))
