"""How the canvas writes shapes and counts."""

from __future__ import annotations

from collections.abc import Sequence


def shape_words(shape: Sequence[int | None]) -> str:
    """A per-sample shape: 26×26×32; an open axis is a question mark, a single number is one value."""
    return "×".join("?" if size is None else str(size) for size in shape) or "1"


def count_words(count: int) -> str:
    """A count in full, thousands apart: 1,204,832."""
    return f"{count:,}"


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun; `many` has %1 where the figure goes."""
    return one if count == 1 else many.replace("%1", f"{count:,}")


def short_count(count: int) -> str:
    """A count for eyes: 960, 26.4 k, 1.2 M."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if count >= size:
            return f"{count / (1e3 if unit == 'k' else size):.3g} {unit}"
    return f"{count:,}"


def bytes_words(size: int) -> str:
    """A size in memory for eyes: 960 B, 26.4 kB, 1.2 MB."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{size / unit:,.3g} {name}" if size < 1000 * unit else f"{size / unit:,.0f} {name}"
    return f"{size} B"
