"""A layer's call as Keras writes it down: which tensors go in, and what stands beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from workbench.importing.limits import damaged
from workbench.importing.settings import plain


@dataclasses.dataclass(frozen=True)
class Tensor:
    """One output of one call of a layer.

    Args:
        layer: The layer's name.
        call: Which of its calls, from 0.
        output: Which of the call's outputs, from 0.
        shape: With the batch axis; None where the file does not say.
        dtype: The type of its numbers; empty where the file does not say.
    """

    layer: str
    call: int
    output: int
    shape: tuple[int | None, ...] | None = None
    dtype: str = ""


@dataclasses.dataclass(frozen=True)
class Call:
    """What a layer is called with; tensors stand where they stood."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """Every tensor, in the order of the call."""
        return (*_tensors(list(self.args)), *_tensors(self.kwargs))

    @property
    def positional(self) -> tuple[Tensor, ...]:
        """The tensors that are not named."""
        return tuple(_tensors(list(self.args)))

    @property
    def named(self) -> dict[str, Any]:
        """What is named and says something."""
        return {key: value for key, value in self.kwargs.items() if value is not None and key != "training"}


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | dict):
        for item in value if isinstance(value, list) else value.values():
            yield from _tensors(item)


def calls_of(name: str, layer: dict[str, Any]) -> list[Call]:
    """Every call of a layer of a Functional model, in their order.

    Raises:
        FileError: They are not written as Keras writes them.
    """
    nodes = layer.get("inbound_nodes", [])
    if not isinstance(nodes, list):
        raise damaged(name, f"the calls of {layer.get('name')!r} are no list")
    try:
        return [_call(node) for node in nodes]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise damaged(name, f"a call of {layer.get('name')!r} cannot be read: {error}") from error


def _call(node: Any) -> Call:
    if isinstance(node, dict):
        args = _revived(node["args"])
        kwargs = _revived(node["kwargs"])
        if not isinstance(args, list) or not isinstance(kwargs, dict):
            raise TypeError("its arguments are no list")
        return Call(tuple(args), kwargs)
    # The older form: [[layer, call, output, {keywords}], ...], or one of them alone.
    entries = [node] if node and isinstance(node[0], str) else node
    tensors: list[Any] = []
    kwargs = {}
    for entry in entries:
        tensors.append(_tensor(entry[:3]))
        if len(entry) > 3 and isinstance(entry[3], dict):
            kwargs |= {key: _older(value) for key, value in entry[3].items()}
    return Call((tensors[0] if len(tensors) == 1 else tensors,), kwargs)


def _older(value: Any) -> Any:
    # A tensor among the keywords of the older form is ["layer", call, output].
    if (
        isinstance(value, list)
        and len(value) == 3
        and isinstance(value[0], str)
        and all(type(item) is int for item in value[1:])
    ):
        return _tensor(value)
    return _revived(value)


def _tensor(history: Any, shape: Any = None, dtype: Any = "") -> Tensor:
    layer, call, output = history
    if not isinstance(layer, str) or type(call) is not int or type(output) is not int or min(call, output) < 0:
        raise ValueError(f"no tensor: {history!r}"[:120])
    known = tuple(shape) if isinstance(shape, list) and all(s is None or type(s) is int for s in shape) else None
    return Tensor(layer, call, output, known, dtype if isinstance(dtype, str) else "")


def _revived(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            config = value["config"]
            return _tensor(config["keras_history"], config.get("shape"), config.get("dtype"))
        if value.get("class_name") in ("function", "__tuple__", "TensorShape"):
            return _revived(plain(value))
        return {key: _revived(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_revived(item) for item in value]
    return value


def ends(name: str, value: Any) -> list[tuple[str | None, Tensor]]:
    """A model's inputs or outputs, each with the name it goes by in a dictionary.

    Raises:
        FileError: They are not written as Keras writes them.
    """
    try:
        return list(_ends(value, None))
    except (TypeError, ValueError) as error:
        raise damaged(name, f"its inputs or outputs cannot be read: {error}") from error


def _ends(value: Any, key: str | None) -> Iterator[tuple[str | None, Tensor]]:
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from _ends(item, inner)
    elif isinstance(value, list):
        if len(value) == 3 and isinstance(value[0], str):
            yield key, _tensor(value)
        else:
            for item in value:
                yield from _ends(item, key)
    else:
        raise TypeError(f"no tensor: {value!r}"[:120])
