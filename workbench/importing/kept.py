"""What cannot be edited: one node that carries Keras's own description of it, and says why."""

from __future__ import annotations

import json
from typing import Any

from workbench.importing.calls import Call, Tensor


def kept_params(layer: dict[str, Any], call: Call, why: str, outputs: int = 1) -> dict[str, Any]:
    """The parameters of a node that keeps a layer, or an operation, as it is.

    Args:
        layer: Its description, as Keras words it.
        call: What it is called with.
        why: The reason, as the end of a sentence.
        outputs: How many of its outputs are used.
    """
    tensors: list[Tensor] = []
    body = {
        key: layer[key] for key in ("module", "class_name", "config", "registered_name", "build_config") if key in layer
    }
    described = {
        "layer": body,
        "args": _numbered(list(call.args), tensors),
        "kwargs": _numbered(call.kwargs, tensors),
    }
    text = json.dumps(described, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    more = {"outputs": outputs} if outputs > 1 else {}
    return {"kind": str(layer.get("class_name")), "why": why, "definition": text, **more}


def _numbered(value: Any, tensors: list[Tensor]) -> Any:
    if isinstance(value, Tensor):
        tensors.append(value)
        return {"input": len(tensors) - 1}
    if isinstance(value, list):
        return [_numbered(item, tensors) for item in value]
    if isinstance(value, dict):
        return {key: _numbered(item, tensors) for key, item in value.items()}
    return value
