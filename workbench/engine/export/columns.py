"""What a table's columns are called as inputs of a model, where only letters, digits and underscores may stand."""

from __future__ import annotations

import keyword

from workbench.data.spec import TablePreparation

_TAKEN = frozenset({"self"})


def input_names(prep: TablePreparation) -> dict[str, str]:
    """Column name to input name, in the columns' order: the same where it can be, else the nearest free one."""
    plain = {column.name for column in prep.columns if _fits(column.name)}
    names: dict[str, str] = {}
    used = set(plain)
    for column in prep.columns:
        if column.name in plain:
            names[column.name] = column.name
            continue
        base = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in column.name)
        if not _fits(base):
            base = f"column_{base}"
        name, number = base, 2
        while name in used:
            name, number = f"{base}_{number}", number + 1
        used.add(name)
        names[column.name] = name
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
