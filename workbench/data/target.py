"""What is to be predicted: classes or values, told apart from the column itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.core.errors import DataError
from workbench.data.missing import MISSING_WORDS
from workbench.data.spec import Task
from workbench.data.work import Array

MOST_INTEGER_CLASSES = 20
MOST_CLASSES = 10_000
TARGET_NAMES = ("target", "label", "labels", "class", "y", "outcome", "species", "diagnosis")
_CLASS_NAMES = ("label", "labels", "class", "category", "species", "diagnosis")


@dataclass(frozen=True)
class Target:
    """The answers of all samples.

    `classes` is empty for a regression. `ids`: int32 class numbers, or zeros; `values`: float64 in their own unit, or
    zeros. `known` says which of the cells that it was made from held an answer; `ids` and `values` are of those only.
    """

    name: str
    task: Task
    classes: tuple[str, ...]
    ids: Array
    values: Array
    known: Array

    def __len__(self) -> int:
        return len(self.ids)


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sort key that puts "2" before "10"."""
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in re.split(r"(\d+)", name) if piece]


def suggest_target(names: Sequence[str]) -> str:
    """The column that is most likely to be predicted: one named so, else the last."""
    by_lower = {name.strip().lower(): name for name in reversed(names)}
    for wanted in TARGET_NAMES:
        if wanted in by_lower:
            return by_lower[wanted]
    return names[-1]


def find_column(names: Sequence[str], wanted: str | int) -> str:
    """The column named so, or of that number from 0.

    Raises:
        DataError: There is none.
    """
    if isinstance(wanted, str) and wanted in names:
        return wanted
    number = int(wanted) if isinstance(wanted, int) or re.fullmatch(r"\d+", wanted) else -1
    if 0 <= number < len(names):
        return names[number]
    folded = [name for name in names if isinstance(wanted, str) and name.strip().lower() == wanted.strip().lower()]
    if folded:
        return folded[0]
    raise DataError(
        "The target must be a column's name, or its number from 0.",
        repr(wanted),
        f"The columns are: {', '.join(names[:12])}{', …' if len(names) > 12 else ''} (0 to {len(names) - 1}).",
    )


def make_target(name: str, cells: Sequence[Any] | Array, task: Task | None) -> Target:
    """Answers from raw cells: numbers, texts, None or NaN where missing.

    Args:
        name: The column's name, for messages.
        cells: One a sample.
        task: As the user chose, or None: told from the cells.

    Raises:
        DataError: Nothing can be learned from it, or it does not fit the chosen task.
    """
    values = _as_numbers(cells)
    if values is None:
        words = _as_words(cells)
        known = np.array([word is not None for word in words], bool)
        if task == "regression":
            odd = next(word for word in words if word is not None and _number(word) is None)
            raise DataError(
                f"To predict a value, '{name}' must hold numbers.",
                repr(odd),
                "Choose classification, or another target.",
            )
        return _classes(name, np.array([word for word in words if word is not None], object), known)
    known = np.isfinite(values)
    kept = values[known]
    if len(kept) == 0:
        raise DataError(f"The target '{name}' must hold answers.", "only missing values", "Choose another target.")
    if (task or _likely_task(name, kept)) == "classification":
        texts = np.array([str(int(value)) if value.is_integer() else str(value) for value in kept.tolist()], object)
        return _classes(name, texts, known)
    if kept.min() == kept.max():
        raise DataError(
            f"The target '{name}' must differ between samples.", f"only {kept[0]:g}", "Choose another target."
        )
    return Target(name, "regression", (), np.zeros(len(kept), np.int32), kept, known)


def only(target: Target, kept: Array) -> Target:
    """The answers of some of the samples.

    Args:
        target: With `known` of all samples that there were.
        kept: The numbers, among those, of samples whose answer is known.
    """
    places = np.cumsum(target.known)[kept] - 1
    ids, values, known = target.ids[places], target.values[places], np.ones(len(kept), bool)
    if target.task == "regression":
        return Target(target.name, "regression", (), ids, values, known)
    left = np.unique(ids)
    classes = tuple(target.classes[number] for number in left)
    return Target(target.name, "classification", classes, np.searchsorted(left, ids).astype(np.int32), values, known)


def require_apart(names: Sequence[str], weight: str | None) -> None:
    """Refuse what is named as two things at once.

    Args:
        names: The targets, the main one first.
        weight: What holds the samples' weights.

    Raises:
        DataError: Two of them are the same.
    """
    named = [*names, *([weight] if weight is not None else [])]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is None:
        return
    if twice == weight:
        raise DataError("A column is the target or the weights.", repr(twice), "Choose another column for one of them.")
    raise DataError("Each target must be another one.", f"{twice!r} twice", "Take one of them away.")


def _likely_task(name: str, values: Array) -> Task:
    distinct = len(np.unique(values))
    if distinct <= 2:
        return "classification"
    if not np.equal(np.round(values), values).all():
        return "regression"
    named = name.strip().lower() in _CLASS_NAMES
    most = min(100 if named else MOST_INTEGER_CLASSES, max(len(values) // (2 if named else 5), 2))
    return "classification" if distinct <= most else "regression"


def _classes(name: str, words: Array, known: Array) -> Target:
    classes = tuple(sorted(set(words.tolist()), key=natural))
    if not classes:
        raise DataError(f"The target '{name}' must hold answers.", "only missing values", "Choose another target.")
    if (len(classes) > 20 and len(classes) > len(words) / 2) or len(classes) > MOST_CLASSES:
        raise DataError(
            f"To be learned, each class of '{name}' must appear in several samples.",
            f"{len(classes):,} different answers in {len(words):,} samples",
            "Choose another target, or regression if these are numbers.",
        )
    places = {class_name: place for place, class_name in enumerate(classes)}
    ids = np.array([places[word] for word in words], np.int32)
    return Target(name, "classification", classes, ids, np.zeros(len(ids)), known)


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _as_words(cells: Sequence[Any] | Array) -> list[str | None]:
    words: list[str | None] = []
    for cell in cells:
        if cell is None or (isinstance(cell, float) and not np.isfinite(cell)):
            words.append(None)
            continue
        word = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
        words.append(None if word.strip().lower() in MISSING_WORDS else word.strip())
    return words


def _as_numbers(cells: Sequence[Any] | Array) -> Array | None:
    array = np.asarray(cells)
    if array.dtype.kind in "biuf":
        return array.astype(np.float64)
    values = np.full(len(cells), np.nan)
    for place, word in enumerate(_as_words(cells)):
        if word is None:
            continue
        value = _number(word)
        if value is None:
            return None
        values[place] = value
    return values


def named_classes(name: str, ids: Array, classes: Sequence[str]) -> Target:
    """Answers that came as class numbers with the classes' names beside them."""
    return Target(
        name,
        "classification",
        tuple(classes),
        ids.astype(np.int32),
        np.zeros(len(ids)),
        np.ones(len(ids), bool),
    )
