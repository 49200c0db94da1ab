"""Real files to read: pictures in class folders, tables, arrays."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.data.dataset import Dataset, detect, open_dataset

Table = Callable[..., Dataset]


def encoded(array: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    """A picture's file bytes."""
    file = io.BytesIO()
    Image.fromarray(array).save(file, kind, **options)
    return file.getvalue()


def noise(height: int = 12, width: int = 10, channels: int = 3, seed: int = 0) -> np.ndarray:
    """A picture of random pixels."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two classes of ten pictures each."""
    root = tmp_path / "pets"
    for place, name in enumerate(("cat", "dog")):
        (root / name).mkdir(parents=True)
        for number in range(10):
            (root / name / f"{number}.png").write_bytes(encoded(noise(seed=100 * place + number)))
    return root


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """A function that writes a text as a CSV and opens it."""

    def open_text(text: str | bytes, target: str | int | None = None, **choices: object) -> Dataset:
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return open_dataset(detect(path, target).model_copy(update=choices))

    return open_text


@pytest.fixture
def arrays(tmp_path: Path) -> Table:
    """A function that writes arrays as a `.npz` and opens it."""

    def open_arrays(answers_in: str | None = None, **named: np.ndarray) -> Dataset:
        path = tmp_path / "arrays.npz"
        np.savez(path, **named)
        return open_dataset(detect(path, answers_in))

    return open_arrays


def numbered_rows(count: int = 30, header: str = "a,b,kind") -> str:
    """A plain table: two numeric columns and three kinds."""
    rows = [f"{number * 7 % 13 + 0.5},{number % 5 + 0.25},{'xyz'[number % 3]}" for number in range(count)]
    return "\n".join([header, *rows] if header else rows) + "\n"


def messages(dataset: Dataset) -> str:
    """Everything that was found, as one text."""
    return "\n".join(f"{found.message} {' | '.join(found.items)}" for found in dataset.info.problems)
