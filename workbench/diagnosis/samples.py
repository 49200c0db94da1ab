"""What the samples themselves tell of a training's chances: copies, telling columns, labels that cannot be right."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from workbench.data.dataset import Dataset, Part
from workbench.data.spec import ValueTarget
from workbench.diagnosis.evidence import DataFacts

MOST_HASHED = 20_000
"""So many samples of each part are looked at for copies; every further one costs time and tells little more."""
MOST_NEIGHBOURS = 1000
"""So many samples are compared with each other."""
MOST_VALUES = 1024
"""So many numbers of a sample are compared."""
MOST_ROWS = 5000
"""So many rows are sorted by each column."""
FEWEST = 30
"""Among fewer samples, a column may tell the answer by chance."""
AROUND = 7
"""How many neighbours are asked."""
FAR = 30.0
"""Medians of the distance from the median: heavy tails reach 10 or so, codes for 'missing' lie far beyond."""


def data_facts(dataset: Dataset) -> DataFacts:
    """What a part of the samples tells; takes a fraction of a second whatever the dataset's size."""
    train = dataset.part("train")
    digests = _digests(train)
    shared = {}
    for name in ("validation", "test"):
        part = dataset.part(name)
        copies = sum(digest in digests for digest in _hashes(part))
        shared[name] = round(copies * len(part) / max(1, min(len(part), MOST_HASHED)))
    classification = dataset.info.task == "classification"
    far = None if classification else far_value(dataset)
    return DataFacts(
        shared=shared,
        telling=telling_column(train.x, train.y, dataset.info.features, classification=classification),
        conflicts=_conflicts(train, digests),
        noise=label_noise(train.x, train.y, len(dataset.info.classes)) if classification else None,
        far=far[0] if far else None,
        far_count=far[1] if far else 0,
        typical=far[2] if far else (0.0, 0.0),
        alike=_alike(dataset.info.classes),
    )


def _hashes(part: Part) -> list[bytes]:
    return [
        hashlib.blake2b(np.ascontiguousarray(sample).tobytes(), digest_size=16).digest()
        for sample in part.x[:MOST_HASHED]
    ]


def _digests(part: Part) -> dict[bytes, list[int]]:
    places: dict[bytes, list[int]] = {}
    for place, digest in enumerate(_hashes(part)):
        places.setdefault(digest, []).append(place)
    return places


def _conflicts(part: Part, digests: dict[bytes, list[int]]) -> int:
    """How many samples have a twin with another answer."""
    count = 0
    for places in digests.values():
        if len(places) > 1 and len(np.unique(part.y[places])) > 1:
            count += len(places)
    return count


def telling_column(x: np.ndarray, y: np.ndarray, names: Sequence[str], *, classification: bool) -> str:
    """The column that tells the answer alone, by name; empty where there is none, or only one column.

    Args:
        x: [samples, features].
        y: Class numbers, or values.
        names: Of the columns that the features come from; empty for arrays.
        classification: Whether `y` are classes.
    """
    if x.ndim != 2 or x.shape[1] < 2 or len(x) < FEWEST:
        return ""
    x, y = x[:MOST_ROWS].astype(np.float64), y[:MOST_ROWS]
    tells = _tells_class if classification else _tells_value
    for column in range(min(x.shape[1], MOST_VALUES)):
        values = x[:, column]
        if values.min() < values.max() and tells(values, y):
            return names[column] if column < len(names) else f"feature {column + 1}"
    return ""


def _tells_class(values: np.ndarray, y: np.ndarray) -> bool:
    order = np.lexsort((y, values))
    values, y = values[order], y[order]
    changes = y[1:] != y[:-1]
    if (changes & (values[1:] == values[:-1])).any():
        return False
    # Either each class has an interval of its own, or the column is a code of few values, each of one class.
    classes, distinct = len(np.unique(y)), len(np.unique(values))
    return classes > 1 and (int(changes.sum()) == classes - 1 or distinct <= len(y) // 10)


def _tells_value(values: np.ndarray, y: np.ndarray) -> bool:
    y = y.astype(np.float64)
    if y.std() == 0:
        return False
    if abs(np.corrcoef(values, y)[0, 1]) > 0.9995:
        return True
    if len(np.unique(values)) < len(values) // 2:
        return False
    return bool(abs(np.corrcoef(_ranks(values), _ranks(y))[0, 1]) > 0.9999)


def _ranks(values: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks


def label_noise(x: np.ndarray, y: np.ndarray, classes: int) -> float | None:
    """The share of wrong labels, by the samples around them (edited nearest neighbours, Wilson 1972).

    A neighbourhood counts where most of it is of one class. Classes that overlap look like wrong labels too; but there
    the doubts lie between few classes, or only on one side, and nothing is told.

    Args:
        x: The samples.
        y: Their class numbers.
        classes: How many there are.

    Returns:
        The estimate, from 0 to 1; None where the neighbourhoods are not clear enough to tell.
    """
    if len(x) < 100 or classes < 2:
        return None
    chosen = np.random.default_rng(0).permutation(len(x))[:MOST_NEIGHBOURS]
    flat = x[chosen].reshape(len(chosen), -1)
    flat = flat[:, :: -(-flat.shape[1] // MOST_VALUES)].astype(np.float32)
    near = _neighbours(flat)
    own, around = y[chosen], np.zeros((len(chosen), classes), np.int32)
    for column in range(AROUND):
        around[np.arange(len(chosen)), own[near[:, column]]] += 1
    leading, votes = around.argmax(axis=1), around.max(axis=1)
    clear = votes >= (AROUND - 1 if classes == 2 else AROUND - 2)
    doubted = clear & (leading != own)
    if clear.mean() < (0.6 if classes == 2 else 0.25) or not doubted.any():
        return None if not clear.any() else 0.0 if clear.mean() >= 0.25 else None
    if not _spread(own[doubted], leading[doubted], own[clear], classes):
        return None
    return float(doubted.sum() / clear.sum())


def _spread(own: np.ndarray, leading: np.ndarray, clear: np.ndarray, classes: int) -> bool:
    """Whether doubts are spread over the classes, as wrong labels are, and overlapping classes are not."""
    if classes == 2:
        shares = [np.sum(own == one) / max(1, np.sum(clear == one)) for one in (0, 1)]
        return bool(min(shares) > 0.08)
    pairs = np.zeros((classes, classes))
    np.add.at(pairs, (own, leading), 1)
    either = pairs + pairs.T
    return bool(np.triu(either).max() <= (0.5 if classes > 3 else 0.6) * len(own))


def _neighbours(flat: np.ndarray) -> np.ndarray:
    """The nearest `AROUND` rows of each row, itself left out."""
    squares = (flat * flat).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * flat @ flat.T
    np.fill_diagonal(distances, np.inf)
    return np.argpartition(distances, AROUND, axis=1)[:, :AROUND]


def far_value(dataset: Dataset) -> tuple[float, int, tuple[float, float]] | None:
    """A target value far outside all others, how many samples have one so far, and the range of the others."""
    target = dataset.preparation.target
    if not isinstance(target, ValueTarget):
        return None
    values = dataset.part("train").y.astype(np.float64) * target.std + target.mean
    middle = float(np.median(values))
    spread = float(np.median(np.abs(values - middle)))
    if spread == 0:
        return None
    far = np.abs(values - middle) > FAR * spread
    near = values[~far]
    # A long tail thins out; what stands apart leaves a gap as wide as all the rest.
    width = float(near.max() - near.min())
    gap = float(np.abs(values[far] - np.clip(values[far], near.min(), near.max())).min()) if far.any() else 0.0
    if not far.any() or far.mean() > 0.2 or gap < width:
        return None
    worst = float(values[far][np.abs(values[far] - middle).argmax()])
    return worst, int(far.sum()), (float(near.min()), float(near.max()))


def _alike(classes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    seen: dict[str, str] = {}
    pairs = []
    for name in classes:
        key = "".join(name.split()).casefold()
        if key in seen:
            pairs.append((seen[key], name))
        seen.setdefault(key, name)
    return tuple(pairs)
