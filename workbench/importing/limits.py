"""How much a model file may hold: far more than models need, far less than harms."""

from __future__ import annotations

from workbench.core.errors import FileError

MOST_MEMBERS = 10_000
MOST_BYTES = 16 * 2**30
MOST_CONFIG_BYTES = 64 * 2**20
MOST_RATIO = 200
RATIO_FROM = 16 * 2**20
"""A member may be packed tighter than `MOST_RATIO` while it stays below this many bytes."""
MOST_DEPTH = 100
MOST_OUTPUTS = 64
MOST_NODES = 20_000
MOST_WEIGHTS = 100_000
MOST_PARAMETERS = 4_000_000_000
MOST_SIZE = 10_000_000
"""The largest number a layer's size (units, filters, a length, an axis) may be."""
MOST_INTEGER = 2**63

HINT = "Opening a model can run what is in it: ask whoever made it for one of plain Keras layers."


def refused(name: str, received: str, hint: str = HINT) -> FileError:
    """A file that is not opened, for what was found in it."""
    return FileError(f"{name} is not opened: it holds what a model of plain Keras layers does not.", received, hint)


def damaged(name: str, received: str) -> FileError:
    """A file that is cut short, or no model at all."""
    return FileError(
        f"{name} must be a whole Keras model.",
        received,
        "Open a .keras file, an .h5 file of a whole model, or a model's architecture as JSON; save it again if it is.",
    )


def undrawable(name: str, why: str) -> FileError:
    """A whole model that our drawings have no way to say."""
    return FileError(
        f"{name} cannot be drawn here.", why, "A drawing has layers of one output each: import a part of the model."
    )


def words(text: str) -> frozenset[str]:
    """A set of names, written as text."""
    return frozenset(text.split())
