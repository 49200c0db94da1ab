"""What the doctor's patients are made of: data of many kinds, drawn by a seed, and short ways to draw a network."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec, SplitSpec

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Real files beside the checkout; where they are not, made data of the same kind take their place."""

Layers = tuple[tuple[str, dict[str, Any]], ...]
Source = Callable[[Path, int], Dataset]


@dataclasses.dataclass(frozen=True)
class Patient:
    """A run to be looked at.

    Args:
        name: What it is.
        source: Makes its data, in a folder, by a seed.
        layers: The network, one layer behind the other; the drawing's end is part of it.
        settings: Of the plan.
        illness: The rule that must name it; empty for a healthy one.
    """

    name: str
    source: Source
    layers: Layers
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    illness: str = ""


@cache
def _opened(spec: str) -> Dataset:
    return open_dataset(DatasetSpec.model_validate_json(spec))


def builtin(name: str, **split: float) -> Source:
    """A dataset of scikit-learn's, parted by the seed."""

    def make(_folder: Path, seed: int) -> Dataset:
        spec = DatasetSpec(source="builtin", location=name, split=SplitSpec(seed=seed, **split))
        return _opened(spec.model_dump_json())

    return make


def arrays(make: Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray]], **choices: Any) -> Source:
    """Arrays made by a seed, brought as a file."""

    def source(folder: Path, seed: int) -> Dataset:
        x, y = make(np.random.default_rng(seed))
        path = folder / "arrays.npz"
        np.savez(path, x=x, y=y)
        return open_dataset(DatasetSpec(source="npz", location=str(path), **choices))

    return source


def table(name: str, otherwise: Source) -> Source:
    """A real table where it is found."""

    def make(folder: Path, seed: int) -> Dataset:
        path = REAL / name
        if not path.is_file():
            return otherwise(folder, seed)
        spec = DatasetSpec(source="csv", location=str(path), header=False, split=SplitSpec(seed=seed))
        columns = len(path.read_text().split("\n", 1)[0].split(","))
        return _opened(spec.model_copy(update={"target": columns - 1}).model_dump_json())

    return make


def csv(write: Callable[[np.random.Generator], str], target: str) -> Source:
    """A table made by a seed."""

    def source(folder: Path, seed: int) -> Dataset:
        path = folder / "table.csv"
        path.write_text(write(np.random.default_rng(seed)), encoding="utf-8")
        return open_dataset(DatasetSpec(source="csv", location=str(path), target=target))

    return source


def blobs(rng: np.random.Generator, shares: tuple[float, ...] = (0.5, 0.5), n: int = 1200, apart: float = 2.0) -> Any:
    """Clouds of points, one a class."""
    y = rng.choice(len(shares), n, p=shares)
    centres = rng.normal(0, apart, (len(shares), 8))
    return centres[y] + rng.normal(0, 1, (n, 8)), y.astype(np.int64)


def friedman(rng: np.random.Generator, n: int = 1500) -> Any:
    """Friedman's first problem (1991)."""
    x = rng.random((n, 10))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    return x, y + rng.normal(0, 1, n)


def moons(rng: np.random.Generator, n: int = 1000) -> Any:
    """Two half circles that reach into each other."""
    angle, y = rng.random(n) * np.pi, rng.integers(0, 2, n)
    x = np.stack([np.cos(angle) * (1 - 2 * y) + y, np.sin(angle) * (1 - 2 * y) + 0.5 * y], axis=1)
    return x + rng.normal(0, 0.12, (n, 2)), y


def corners(rng: np.random.Generator, n: int = 1200) -> Any:
    """Exclusive or: no straight line parts the classes."""
    x = rng.normal(0, 1, (n, 4))
    return x, ((x[:, 0] > 0) ^ (x[:, 1] > 0)).astype(np.int64)


def words(rng: np.random.Generator, n: int = 1000) -> Any:
    """Sentences of numbers; some words mean the one class, some the other."""
    y = rng.integers(0, 2, n)
    x = rng.integers(50, 400, (n, 20))
    for column in range(4):
        x[:, column] = np.where(y == 1, rng.integers(0, 25, n), rng.integers(25, 50, n))
    return rng.permuted(x, axis=1).astype(np.int32), y


def waves(rng: np.random.Generator, n: int = 900) -> Any:
    """Series of 24 steps: two frequencies and a noise."""
    y = rng.integers(0, 3, n)
    time = np.arange(24)[None]
    x = np.sin(time * (0.3 + 0.25 * y[:, None]) + rng.random((n, 1)) * 6) + rng.normal(0, 0.3, (n, 24))
    return x[:, :, None], y


def chance(rng: np.random.Generator, n: int = 900) -> Any:
    """Answers that have nothing to do with the samples, 7 of 10 the same."""
    return rng.normal(0, 1, (n, 6)), (rng.random(n) < 0.3).astype(np.int64)


def digits(rng: np.random.Generator) -> Any:
    """Scikit-learn's digits, flat."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    order = rng.permutation(len(x))
    return (x[order] / 16).astype(np.float32), y[order]


def wrong(rng: np.random.Generator, share: float = 0.35) -> Any:
    """Digits, a part of them with any label."""
    x, y = digits(rng)
    bad = rng.random(len(y)) < share
    return x, np.where(bad, rng.integers(0, 10, len(y)), y)


def twins(rng: np.random.Generator) -> Any:
    """Every sample three times, some with another answer."""
    x, y = blobs(rng, n=400)
    x, y = np.tile(x, (3, 1)), np.tile(y, 3)
    flipped = rng.random(len(y)) < 0.15
    return x, np.where(flipped, 1 - y, y)


def copies(rng: np.random.Generator) -> Any:
    """Every sample three times."""
    x, y = friedman(rng, 500)
    return np.tile(x, (3, 1)), np.tile(y, 3)


def rare_digit(rng: np.random.Generator) -> Any:
    """Digits, of which one is rare."""
    x, y = digits(rng)
    keep = (y != 3) | (rng.random(len(y)) < 0.06)
    return x[keep], y[keep]


def coded(rng: np.random.Generator) -> Any:
    """A regression in which -9999 stands for missing."""
    x, y = friedman(rng)
    y[rng.random(len(y)) < 0.03] = -9999
    return x, y


def cats(rng: np.random.Generator) -> str:
    """A table whose classes are written in several ways."""
    rows = ["a,b,kind"]
    for _ in range(400):
        a, b = rng.normal(0, 1, 2)
        kind = "cat" if a + b > 0 else "dog"
        rows.append(f"{a:.3f},{b:.3f},{kind.title() if rng.random() < 0.2 else kind}")
    return "\n".join(rows)


def answered(rng: np.random.Generator) -> str:
    """A table with a column that is the answer in other words."""
    x, y = blobs(rng, n=600)
    rows = ["a,b,c,code,outcome"]
    rows += [
        f"{row[0]:.4f},{row[1]:.4f},{row[2]:.4f},{10 + 7 * int(kind)},{'yes' if kind else 'no'}"
        for row, kind in zip(x, y, strict=True)
    ]
    return "\n".join(rows)


def dense(*units: int, activation: str = "relu", **params: Any) -> Layers:
    """Hidden layers."""
    return tuple(("Dense", {"units": size, "activation": activation, **params}) for size in units)


def softmax(classes: int, **params: Any) -> Layers:
    """The end of a classification."""
    return (("Dense", {"units": classes, "activation": "softmax", **params}),)


FLAT: Layers = (("Flatten", {}),)
VALUE: Layers = (("Dense", {"units": 1}),)
BINARY: Layers = (("Dense", {"units": 1, "activation": "sigmoid"}),)
CONV: Layers = (
    ("Conv2D", {"filters": 8, "kernel_size": 3, "activation": "relu"}),
    ("MaxPooling2D", {}),
    *FLAT,
)


def drawn(spread: float) -> dict[str, Any]:
    """First weights of a spread."""
    return {"class_name": "RandomNormal", "config": {"stddev": spread}}


ABALONE = table("abalone.csv", arrays(friedman))
BANKNOTE = table("banknote_authentication.csv", arrays(moons))
GERMAN = table("german.csv", arrays(lambda rng: blobs(rng, (0.7, 0.3), 1000, 0.5)))
DIGITS = builtin("digits")
IRIS = builtin("iris")
WINE = builtin("wine")
CANCER = builtin("breast_cancer")
DIABETES = builtin("diabetes")
LONG = {"early_stopping": {"enabled": False}}


def sgd(rate: float, **params: Any) -> dict[str, Any]:
    return {"optimizer": "sgd", "learning_rate": rate, "optimizer_params": params}
