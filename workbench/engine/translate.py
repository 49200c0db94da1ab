"""From Keras's words to plain ones: what does not fit, sample by sample, and the edit that would mend it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.engine.merging import merge_problem
from workbench.engine.needs import Shape, needed_rank, shape_in_words, subject
from workbench.graph.model import Graph, Node
from workbench.graph.problems import Problem, Repair
from workbench.graph.rules import own_layer
from workbench.graph.wiring import owner

_SHRINKING = re.compile(
    r"output size would be|Negative dimension|negative dimension|nothing is left|should be smaller than"
)
MORE_THAN_ONE = "It puts out more than one tensor, and a link carries one."
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN")


def problem_of(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem:
    """What is wrong with a node, in words that never count the batch axis, with a repair where one is evident.

    Args:
        graph: The drawing.
        node: The node that cannot be placed.
        shapes: Its inputs' shapes, the batch axis apart.
        error: What Keras, or our own check, said.
    """
    for recognise in _CASES:
        problem = recognise(graph, node, shapes, error)
        if problem is not None:
            return problem
    return Problem(plain(error), node.id)


def plain(error: str) -> str:
    """Keras's words without terminal codes, batch axes and dumps of tensors."""
    text = re.sub(r"\x1b\[[\d;]*m", "", error)
    text = re.sub(r"Exception encountered when calling .*?\.call\(\)\.", "", text)
    text = re.split(r"Arguments received by|Full shape received|\{\{function_node", text)[0]
    text = re.sub(r"Input (\d+)( with name '[^']*')? of layer '[^']*'", "The input", text)
    text = re.sub(r"[(\[]None((?:, \d+)*),?[)\]]", lambda found: _sample(found.group(1)), text)
    text = re.sub(r"<KerasTensor shape=([^>]*?), dtype[^>]*>", r"\1", text)
    text = re.sub(r"\s+", " ", text.replace("`", "")).strip().rstrip(",")
    return text if text.endswith(".") else f"{text or 'This layer cannot be placed here'}."


def _sample(sizes: str) -> str:
    return sizes.strip(", ").replace(", ", "×") or "1"


def _feeder(graph: Graph, node: Node) -> Node | None:
    incoming = graph.incoming[node.id]
    return graph.by_id[incoming[0].source] if len(incoming) == 1 else None


def _wrong_rank(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    rank = needed_rank(subject(node.layer, node.params))
    stepless = len(shapes[0]) < 2 and "needs sequences" in error
    if not stepless and (rank is None or len(shapes[0]) == rank):
        return None
    repair = _before(graph, node, shapes[0], rank or 2)
    return Problem(plain(error), node.id, repair, hint="" if repair else "Put a layer between that makes them")


def _before(graph: Graph, node: Node, shape: Shape, rank: int) -> Repair | None:
    feeder = _feeder(graph, node)
    if feeder is not None and len(shape) < rank:
        if feeder.layer in (*_RECURRENT, "Bidirectional") and len(shape) == 1 and rank == 2:
            return Repair(
                f"Let {feeder.name} put out every step", "set_params", feeder.id, {"params": every_step(feeder)}
            )
        if feeder.layer == "Flatten" or feeder.layer.startswith("Global"):
            before = _feeder(graph, feeder)
            if before is not None and before.layer != "Input":
                return Repair(f"Remove {feeder.name}", "remove", feeder.id)
    if rank == 1:
        return Repair("Insert a Flatten", "insert_before", node.id, {"layer": "Flatten"})
    target = _reshaped(shape, rank)
    if target is None:
        return None
    words = f"Insert a Reshape to {'×'.join(map(str, target))}"
    return Repair(words, "insert_before", node.id, {"layer": "Reshape", "params": {"target_shape": target}})


def every_step(node: Node, wanted: bool = True) -> dict[str, Any]:
    """The parameters that make a recurrent layer put out every step, or only the last."""
    if node.layer != "Bidirectional":
        return {"return_sequences": wanted}
    spec = layer_spec("Bidirectional")
    param = spec.param("layer") if spec else None
    inner = node.params.get("layer") or (param.default if param else {})
    return {"layer": {**inner, "params": {**inner.get("params", {}), "return_sequences": wanted}}}


def _reshaped(shape: Shape, rank: int) -> list[int] | None:
    sizes = [size for size in shape if size is not None]
    if len(sizes) < len(shape) or not sizes:
        return None
    if len(sizes) == rank + 1 == 3:
        return [sizes[0], sizes[1] * sizes[2]]
    if len(sizes) == rank - 1:
        return [*sizes, 1]
    if len(sizes) == 1 and rank == 3:
        for channels in (1, 3):
            side = math.isqrt(sizes[0] // channels)
            if side > 1 and side * side * channels == sizes[0]:
                return [side, side, channels]
    return None


def _too_small(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    if not _SHRINKING.search(error):
        return None
    spec = layer_spec(node.layer)
    if spec is None:
        return None
    window = next((param for name in ("kernel_size", "pool_size") if (param := spec.param(name))), None)
    padding = spec.param("padding")
    size = "×".join(str(axis) for axis in shapes[0][:-1])
    if window is None:
        message = f"Nothing would be left of {'×'.join(str(axis) for axis in shapes[0])}."
        return Problem(message, node.id, Repair(f"Remove {node.name}", "remove", node.id))
    value = node.params.get(window.name, window.default)
    sizes = value if isinstance(value, list) else [value] * (window.length or 1)
    what = "kernel" if window.name == "kernel_size" else "window"
    message = f"The {what} of {'×'.join(map(str, sizes))} does not fit in the {size} that is left here."
    if padding is not None and "same" in padding.choices and node.params.get("padding") != "same":
        repair = Repair("Set the padding to same", "set_params", node.id, {"params": {"padding": "same"}})
    else:
        repair = Repair(f"Remove {node.name}", "remove", node.id)
    return Problem(message, node.id, repair)


def _reshape(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    if node.layer != "Reshape" or "total size" not in error:
        return None
    total = math.prod(size or 1 for size in shapes[0])
    target = list(node.params.get("target_shape", [-1]))
    wanted = "×".join(str(size) if size > 0 else "?" for size in target)
    message = f"Reshape cannot make {wanted} of {shape_in_words(shapes[0])}"
    message += f", which are {total} numbers." if len(shapes[0]) > 1 else "."
    for place in reversed(range(len(target))):
        others = math.prod(size for index, size in enumerate(target) if index != place and size > 0)
        open_elsewhere = any(size < 0 for index, size in enumerate(target) if index != place)
        if not open_elsewhere and total % others == 0:
            fitting = [*target[:place], total // others, *target[place + 1 :]]
            words = f"Set the shape to {'×'.join(map(str, fitting))}"
            return Problem(
                message, node.id, Repair(words, "set_params", node.id, {"params": {"target_shape": fitting}})
            )
    return Problem(message, node.id, hint=f"The sizes must multiply to {total}")


def _merge(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    return merge_problem(graph, node, shapes)


def not_both(owned: Node, first: Shape, second: Shape) -> str:
    """Why a layer that is used again cannot be: its weights are made for the first of its uses."""
    made, now = shape_in_words(first), shape_in_words(second)
    return f"The weights of {owned.name} are made for {made}, and cannot take {now} as well."


def _shared(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    if "cannot take" not in error or "The weights of" not in error:
        return None
    sharing = next((other for other in graph.nodes if other.shares and owner(graph, other).id == node.id), node)
    return Problem(error, node.id, own_layer(node if node.shares else sharing))


def _groups(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    if "groups" not in error.lower() or "groups" not in _names(node.layer):
        return None
    channels = shapes[0][-1] or 1
    if node.layer == "GroupNormalization":
        groups = math.gcd(int(node.params.get("groups", 32)), channels)
        message = f"The {channels} channels cannot be parted into {node.params.get('groups', 32)} equal groups."
    else:
        filters = int(node.params.get("filters", 32))
        groups = math.gcd(int(node.params.get("groups", 1)), math.gcd(channels, filters))
        message = (
            f"Both the {channels} channels that come in and the {filters} filters must divide into "
            f"{node.params.get('groups', 1)} equal groups."
        )
    repair = Repair(f"Set the groups to {groups}", "set_params", node.id, {"params": {"groups": groups}})
    return Problem(message, node.id, repair)


def _strides_and_dilation(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    if "strides" not in error or "dilation_rate" not in error or "not supported" not in error:
        return None
    repair = Repair("Set the dilation to 1", "set_params", node.id, {"params": {"dilation_rate": 1}})
    return Problem("Strides and dilation cannot both be above 1.", node.id, repair)


def _axis(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    name = next((name for name in ("axis", "axes", "shared_axes", "attention_axes") if name in node.params), None)
    if name is None or not re.search(r"index out of range|out of bounds|axis", error):
        return None
    message = f"{node.layer} has no axis {node.params[name]} to work on in {shape_in_words(shapes[0])}."
    repair = Repair(f"Set {name.replace('_', ' ')} back", "set_params", node.id, {"params": {name: ...}})
    return Problem(message, node.id, repair)


def _permute(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    if node.layer != "Permute":
        return None
    axes = len(shapes[0])
    message = f"Permute must name each axis of {shape_in_words(shapes[0])} once, from 1 to {axes}."
    dims = [*range(2, axes + 1), 1]
    words = f"Set the axes to {', '.join(map(str, dims))}"
    return Problem(message, node.id, Repair(words, "set_params", node.id, {"params": {"dims": dims}}))


def _statistics(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    if node.layer != "Normalization" or not {"mean", "variance"} & set(node.params):
        return None
    message = "The mean and the variance must be set together: one number each, or one for each place on the axis."
    clear = {"params": {"mean": ..., "variance": ...}}
    return Problem(message, node.id, Repair("Learn both from the data", "set_params", node.id, clear))


def _integers(graph: Graph, node: Node, shapes: Sequence[Shape], error: str) -> Problem | None:
    if "looks up whole numbers" not in error:
        return None
    return Problem(plain(error), node.id, Repair(f"Remove {node.name}", "remove", node.id))


def _names(layer: str) -> set[str]:
    spec = layer_spec(layer)
    return {param.name for param in spec.params} if spec else set()


_Case = Callable[[Graph, Node, Sequence[Shape], str], Problem | None]
_CASES: tuple[_Case, ...] = (
    _shared,
    _wrong_rank,
    _integers,
    _too_small,
    _reshape,
    _merge,
    _groups,
    _strides_and_dilation,
    _permute,
    _statistics,
    _axis,
)
