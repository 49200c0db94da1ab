"""Train, validation and test parts: seeded, the share of each class kept, a part that came with the data honoured."""

from __future__ import annotations

from typing import Literal

import numpy as np

from workbench.core.errors import DataError
from workbench.data.findings import counted
from workbench.data.spec import SplitSpec
from workbench.data.work import Array

PartName = Literal["train", "validation", "test"]
PART_NAMES: tuple[PartName, ...] = ("train", "validation", "test")
NONE_GIVEN = -1
TRAIN, VALIDATION, TEST = 0, 1, 2
_BINS = 10


def split(spec: SplitSpec, groups: Array, given: Array | None = None) -> tuple[Array, Array, Array]:
    """The sample numbers of the three parts, each in rising order.

    Args:
        spec: Shares and seed.
        groups: int [samples]; what each sample is stratified by (all 0: not stratified).
        given: int8 [samples]; the part that a sample came with (0, 1, 2), or -1. A part that is given is not cut anew.

    Raises:
        DataError: There are too few samples for three parts.
    """
    if len(groups) < 3:
        raise DataError(
            "At least three usable samples are needed, one for each part.",
            f"{len(groups)} usable",
            "Add samples, or mend those that were left out.",
        )
    part = np.full(len(groups), NONE_GIVEN, np.int8) if given is None else given.astype(np.int8)
    came = set(np.unique(part).tolist())
    wanted = {TRAIN: spec.train, VALIDATION: spec.validation, TEST: spec.test}
    # What is missing is cut from the samples that learn (or that came without a part).
    shares = {name: share for name, share in wanted.items() if name == TRAIN or name not in came}
    part[part == NONE_GIVEN] = TRAIN
    total = sum(shares.values())
    shares = {name: share / total for name, share in shares.items()}
    pool = np.flatnonzero(part == TRAIN)
    if len(pool) < len(shares):
        raise DataError(
            "The training part must be large enough to be cut.", counted(len(pool), "training sample"), "Add samples."
        )
    generator = np.random.default_rng(spec.seed)
    owed = dict.fromkeys(shares, 0.0)
    for group in np.unique(groups[pool]):
        members = generator.permutation(pool[groups[pool] == group])
        _deal(members, shares, owed, part)
    _leave_none_empty(part, generator)
    first, second, third = (np.flatnonzero(part == number) for number in (TRAIN, VALIDATION, TEST))
    return first, second, third


def _deal(members: Array, shares: dict[int, float], owed: dict[int, float], part: Array) -> None:
    """Part one group; what rounding withholds from a part is owed to it in the next group."""
    start = 0
    names = [name for name in (TEST, VALIDATION) if name in shares]
    # The test part is served before the validation part, so that a class of two can still be tested.
    for place, name in enumerate(names):
        due = len(members) * shares[name] + owed[name]
        later = len(names) - place - 1 if len(members) > len(names) else 0
        number = max(0, min(max(round(due), 1), len(members) - start - 1 - later))
        owed[name] = due - number
        part[members[start : start + number]] = name
        start += number


def _leave_none_empty(part: Array, generator: np.random.Generator) -> None:
    for name in (TEST, VALIDATION):
        if not (part == name).any():
            train = np.flatnonzero(part == TRAIN)
            part[generator.choice(train, size=max(1, len(train) // 10), replace=False)] = name


def value_groups(values: Array) -> Array:
    """Values as ten groups of equal size, for a stratified split of a regression."""
    if len(values) < 5 * _BINS:
        return np.zeros(len(values), np.int64)
    ranks = np.empty(len(values), np.int64)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks * _BINS // len(values)
