"""The layers that can be placed: their category, parameters, help and search words."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from importlib import resources
from typing import Any

from workbench.core.params import Param

CATEGORIES = (
    "io",
    "core",
    "convolution",
    "pooling",
    "recurrent",
    "attention",
    "normalization",
    "regularization",
    "activation",
    "reshaping",
    "merging",
    "preprocessing",
    "models",
)

KEPT = "Kept"
"""The layer of a node that an import could not take apart."""

OPEN_AS_NONE = ("EinsumDense", "Dropout", "AlphaDropout")
"""Layers whose shapes say None for a size that follows from the input, where others say -1."""

# Layers that are made of others here, or that learn from the data what reaches them.
_ALONE = (
    "Lambda",
    "RandomCrop",
    "Normalization",
    "Discretization",
    "TextVectorization",
    "StringLookup",
    "IntegerLookup",
)


@dataclasses.dataclass(frozen=True, slots=True)
class LayerSpec:
    """One class of `keras.layers`.

    Args:
        name: The class name.
        category: One of `CATEGORIES`; it gives the colour.
        params: In the order of Keras's signature.
        doc: Keras's own description, as plain text.
        summary: Which parameters the node shows, as a format string over them ("{filters} filters {kernel_size}").
        words: Further words to find it by.
        min_inputs: How many tensors it takes at least.
        max_inputs: How many at most; None for any number.
        ports: The names of its inputs, in the order that Keras takes them; an n-ary input takes several links in order.
        reason: Why it cannot be placed; empty for one that can.
    """

    name: str
    category: str
    params: tuple[Param, ...] = ()
    doc: str = ""
    summary: str = ""
    words: tuple[str, ...] = ()
    min_inputs: int = 1
    max_inputs: int | None = 1
    ports: tuple[str, ...] = ("input",)
    reason: str = ""

    @property
    def nestable(self) -> bool:
        """Whether it may be inside another layer, such as TimeDistributed."""
        alone = self.category not in ("io", "merging", "attention", "models") and self.name not in _ALONE
        return alone and not self.reason

    def param(self, name: str) -> Param | None:
        """The parameter of that name."""
        return next((param for param in self.params if param.name == name), None)

    def arguments(self, params: dict[str, Any]) -> dict[str, Any]:
        """What to hand to Keras: what the user set, and our suggestion for what Keras requires."""
        needed = {param.name: param.default for param in self.params if param.required}
        return {**needed, **params}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> LayerSpec:
        """A spec from the shipped catalogue."""
        return cls(
            **{
                **record,
                "params": tuple(Param.from_json(param) for param in record["params"]),
                "words": tuple(record.get("words", ())),
                "ports": tuple(record.get("ports", ("input",))),
            }
        )


@cache
def every_layer() -> dict[str, LayerSpec]:
    """Every class that Keras has, by name: those that can be placed, in palette order, then those that cannot."""
    text = resources.files("workbench.catalog").joinpath("layers.json").read_text(encoding="utf-8")
    return {record["name"]: LayerSpec.from_json(record) for record in json.loads(text)["layers"]}


@cache
def layers() -> dict[str, LayerSpec]:
    """Every layer that can be placed, by class name, in palette order."""
    return {name: spec for name, spec in every_layer().items() if not spec.reason}


def layer_spec(name: str) -> LayerSpec | None:
    """The spec of a class name, also of one that cannot be placed; None for one we do not know."""
    return kept_layer() if name == KEPT else every_layer().get(name)


@cache
def kept_layer() -> LayerSpec:
    """What an import could not take apart: it is shown and used, but neither found in the palette nor edited."""
    return LayerSpec(
        KEPT,
        "core",
        (
            Param("kind", "text", "", doc="What it is in Keras."),
            Param("why", "text", "", doc="Why it cannot be edited here."),
            Param("outputs", "integer", 1, minimum=1, doc="How many of its outputs are used.", advanced=True),
            Param("definition", "text", "", required=True, doc="Keras's own description of it.", advanced=True),
        ),
        doc="A layer or operation of an imported model that is kept as it was, since it cannot be edited here.",
        summary="{kind}",
        max_inputs=None,
    )


def find_layers(words: str, *, unplaced: bool = False) -> list[LayerSpec]:
    """The layers that fit what was typed, best first: by name, its start, a part of it, a search word.

    Args:
        words: What was typed; everything fits where it is empty.
        unplaced: Whether to find, last of all, those that cannot be placed (see `LayerSpec.reason`).
    """
    wanted = words.lower().replace(" ", "")
    known = every_layer() if unplaced else layers()
    if not wanted:
        return list(known.values())
    ranked: list[tuple[bool, int, int, LayerSpec]] = []
    for place, spec in enumerate(known.values()):
        name = spec.name.lower()
        if name == wanted:
            rank = -1
        elif name.startswith(wanted):
            rank = 0
        elif wanted in name:
            rank = 1
        elif any(wanted in word.lower().replace(" ", "") for word in (*spec.words, spec.category)):
            rank = 2
        elif _subsequence(wanted, name):
            rank = 3
        else:
            continue
        ranked.append((bool(spec.reason), rank, place, spec))
    return [spec for *_, spec in sorted(ranked, key=lambda item: item[:3])]


def _subsequence(wanted: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in wanted)
