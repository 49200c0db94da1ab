"""What columns and targets are called in a model, where only letters, digits and underscores may stand."""

from __future__ import annotations

import keyword
from collections.abc import Sequence

from workbench.data.spec import Preparation, TablePreparation

_TAKEN = frozenset({"self"})


def input_names(prep: TablePreparation) -> dict[str, str]:
    """Column name to input name, in the columns' order: the same where it can be, else the nearest free one."""
    return _named([column.name for column in prep.columns], "column_")


def further_names(prep: Preparation) -> dict[str, str]:
    """Further target to what its answers' names begin with, in the targets' order."""
    return _named([target.name for target in prep.further], "target_")


def _named(wanted: Sequence[str], otherwise: str) -> dict[str, str]:
    plain = {name for name in wanted if _fits(name)}
    names: dict[str, str] = {}
    used = set(plain)
    for own in wanted:
        if own in plain:
            names[own] = own
            continue
        base = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in own)
        if not _fits(base):
            base = f"{otherwise}{base}"
        name, number = base, 2
        while name in used:
            name, number = f"{base}_{number}", number + 1
        used.add(name)
        names[own] = name
    return names


def _fits(name: str) -> bool:
    """Whether TensorFlow takes it as an input's name as it is."""
    return (
        name.isascii()
        and name.isidentifier()
        and name[0].isalpha()
        and not keyword.iskeyword(name)
        and name not in _TAKEN
    )
