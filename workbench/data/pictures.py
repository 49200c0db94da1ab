"""Pictures as samples: files in folders, or arrays that were pictures from the start."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from workbench.data.encode import RawSample, decode_file, encode_image
from workbench.data.samples import InputPreparation
from workbench.data.spec import ColumnInfo, DatasetSpec, ImagePreparation, Kind
from workbench.data.work import Array, Work


class Pictures:
    """Decoded pictures, all of one size.

    Args:
        prep: How they were prepared.
        pixels: uint8 [samples, height, width, channels], prepared.
        names: One a sample.
        files: The files they came from, for pictures from folders.
        originals: uint8 pictures before they were prepared, where that differs and there is no file.
    """

    kind: Kind = "image"

    def __init__(
        self,
        prep: ImagePreparation,
        pixels: Array,
        names: Sequence[str],
        files: Sequence[Path] | None = None,
        originals: Array | None = None,
    ) -> None:
        pixels.setflags(write=False)
        self._prep = prep
        self._pixels = pixels
        self._names = names
        self._files = files
        self._originals = pixels if originals is None else originals

    def __len__(self) -> int:
        return len(self._pixels)

    def name(self, index: int) -> str:
        return self._names[index]

    def raw(self, index: int) -> RawSample:
        if self._files is not None:
            return decode_file(self._files[index])
        image: Array = self._originals[index]
        return image

    def path(self, index: int) -> Path | None:
        return None if self._files is None else self._files[index]

    def frame(self) -> pl.DataFrame | None:
        return None

    def fit(self, train: Array) -> InputPreparation:
        return self._prep

    def encode(self, prep: InputPreparation, order: Array) -> Array:
        return self._pixels[order]

    def columns(self) -> tuple[ColumnInfo, ...]:
        return ()


class Numbered(Sequence[str]):
    """Names like "digit 12", made when they are asked for.

    Args:
        word: What is numbered.
        numbers: The number of each.
    """

    def __init__(self, word: str, numbers: Sequence[int]) -> None:
        self._word, self._numbers = word, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return f"{self._word} {self._numbers[index]}"


def from_array(spec: DatasetSpec, images: Array, names: Sequence[str], work: Work) -> Pictures:
    """Pictures from uint8 [samples, height, width] or [samples, height, width, channels]."""
    if images.ndim == 3:
        images = images[..., None]
    if images.shape[3] == 4:
        images = images[..., :3]
    prep = preparation(spec, images.shape[1], images.shape[2], grey=images.shape[3] == 1)
    if (prep.height, prep.width, prep.channels) == images.shape[1:]:
        return Pictures(prep, images, names)
    pixels = np.empty((len(images), prep.height, prep.width, prep.channels), np.uint8)
    for place, image in enumerate(images):
        if place % 256 == 0:
            work.tell(place / len(images), "Resizing pictures")
        pixels[place] = encode_image(prep, image)
    return Pictures(prep, pixels, names, originals=images)


def preparation(spec: DatasetSpec, height: int, width: int, *, grey: bool) -> ImagePreparation:
    """The user's choices over what was found. One side alone keeps the shape of the pictures."""
    if spec.height and not spec.width:
        height, width = spec.height, max(1, round(width * spec.height / height))
    elif spec.width and not spec.height:
        height, width = max(1, round(height * spec.width / width)), spec.width
    elif spec.height and spec.width:
        height, width = spec.height, spec.width
    grey = grey if spec.color is None else spec.color == "grayscale"
    return ImagePreparation(height=height, width=width, channels=1 if grey else 3)
