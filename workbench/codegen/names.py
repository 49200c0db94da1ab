"""Names in code: what Keras accepts as a layer's name, and what Python accepts as a variable's."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection

from workbench.graph.model import Graph

RESERVED = frozenset(
    {*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "keras", "layers", "model", "np", "x", "name", "names"}
)
"""Words that the scripts use themselves or that mean something to Python."""


def layer_names(graph: Graph) -> dict[str, str]:
    """A name for each node that Keras and TensorFlow accept, no two the same."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for node in graph.nodes:
        base = re.sub(r"[^A-Za-z0-9_.-]", "_", node.name)
        base = base if re.match(r"[A-Za-z0-9]", base) else f"layer{base}"
        name = next(
            name for number in range(len(taken) + 1) if (name := f"{base}_{number}" if number else base) not in taken
        )
        taken.add(name)
        names[node.id] = name
    return names


def variable(name: str, taken: Collection[str]) -> str:
    """A variable for a layer's name: the same word where Python and the script leave it free.

    Args:
        name: The layer's name.
        taken: Variables that are in use.
    """
    word = re.sub(r"\W", "_", name, flags=re.ASCII)
    word = word if word[:1].isalpha() else f"layer_{word}"
    if word == "input":
        word = "inputs"
    found, number = word, 1
    while found in RESERVED or found in taken:
        number += 1
        found = f"{word}_{number}"
    return found
