"""A node in a few words: the settings that matter, as the canvas shows them."""

from __future__ import annotations

import re
import string
from typing import Any

from workbench.catalog.layers import LayerSpec, layer_spec
from workbench.core.params import Param
from workbench.graph.model import Node


def summary(node: Node) -> str:
    """What a node shows of its settings: "32 filters 3×3 · relu"; empty where there is nothing to tell.

    A piece in which nothing is set, or a plain default such as padding "valid", is left out.
    """
    spec = layer_spec(node.layer)
    return described(spec, node.params) if spec is not None else ""


def described(spec: LayerSpec, params: dict[str, Any]) -> str:
    """The summary of a layer with these parameters."""
    pieces = (_piece(piece, spec, params) for piece in spec.summary.split(" · "))
    return " · ".join(piece for piece in pieces if piece)


def shape_words(shape: tuple[int | None, ...] | None) -> str:
    """A sample's shape: 28×28×1; a single number is "1"."""
    return "" if shape is None else "×".join("?" if size is None else str(size) for size in shape)


def _piece(piece: str, spec: LayerSpec, params: dict[str, Any]) -> str:
    words, told = "", ""
    for text, name, form, _ in string.Formatter().parse(piece):
        # One unit, not one units.
        words += re.sub(r"^ (\w+)s\b", r" \1", text) if told == "1" else text
        if name is None:
            continue
        param = spec.param(name)
        value = params.get(name, param.default) if param is not None else None
        if param is None or value is None or value is False or (name == "padding" and value == "valid"):
            return ""
        if (name == "activation" and value == "linear") or (name == "offset" and value == 0):
            return ""
        told = form or _value_words(param, value)
        words += told
    return words


def _value_words(param: Param, value: Any) -> str:
    if param.kind == "layer" and isinstance(value, dict):
        return _nested_words(value)
    if param.kind == "layers" and isinstance(value, list):
        return " + ".join(_nested_words(inner) for inner in value)
    if param.kind == "texts":
        return ", ".join(map(str, value))
    if param.kind == "integers" and isinstance(value, int):
        return "×".join([str(value)] * (param.length or 1))
    if isinstance(value, list | tuple):
        return ("×" if param.kind in ("integers", "shape") else " to ").join(_item_words(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def _item_words(item: Any) -> str:
    """One size, or what the two sides of an axis have: 0+1."""
    return "+".join(f"{side:g}" for side in item) if isinstance(item, list | tuple) else f"{item:g}"


def _nested_words(value: dict[str, Any]) -> str:
    inner = layer_spec(str(value.get("layer")))
    words = described(inner, value.get("params", {})) if inner else ""
    return " ".join(filter(None, (str(value.get("layer")), words)))
